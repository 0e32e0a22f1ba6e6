# shellcheck shell=bash
# Trunk, which bundles the site.

version=0.21.14 # 0.22 wants a newer Rust than Cargo.toml asks for
[[ $(trunk --version 2>/dev/null) == "trunk $version" ]] && return
# Trunk's own release profile spends most of its time on link-time optimization, for a tool
# that only starts other tools.
CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
  cargo_install 'bundles the site (about 5 minutes on 2 cores, once)' trunk "$version" --locked
