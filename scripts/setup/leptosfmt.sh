# shellcheck shell=bash
# leptosfmt, which lays out what stands in `view!`: rustfmt leaves that alone.

version=0.1.33
[[ $(leptosfmt --version 2>/dev/null) == "leptosfmt $version" ]] && return
cargo_install 'the tests check form too (a minute on 2 cores, once)' leptosfmt "$version" --locked
