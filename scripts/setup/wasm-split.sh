# shellcheck shell=bash
# wasm-split, which cuts off the parts of a program that come later.

version=0.2.4
# It does not say its version, but what installed it kept a record.
grep -qs "^\"wasm_split_cli_support $version " "$INIT_LAB_CACHE/tools/.crates.toml" && has wasm-split-cli && return
cargo_install 'cuts the programs of the pages (a minute on 2 cores, once)' wasm_split_cli_support "$version" \
  --locked --features build-binary
