# shellcheck shell=bash
# wasm-bindgen's tool, which must be of the same version as its crate.

version=$(sed -n '/^name = "wasm-bindgen"$/{n;s/version = "\(.*\)"/\1/p;}' Cargo.lock)
[[ $(wasm-bindgen --version 2>/dev/null) == "wasm-bindgen $version" ]] && return
# Not --locked: its lock file names a release that was withdrawn.
cargo_install 'joins wasm and JavaScript (about 3 minutes on 2 cores, once)' wasm-bindgen-cli "$version"
