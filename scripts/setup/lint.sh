# shellcheck shell=bash disable=SC2154 # its variables come from scripts/env.sh
# rustfmt and clippy, for the Rust that compiles natively and for the one that compiles for wasm32.

if ! own_rust_lints && [[ ! -x $debian_rust/bin/cargo-fmt ]] && has rustup; then
  attempt rustup 'rustup component add rustfmt clippy: the tests check form too (seconds; given up after 60)' \
    within 60 rustup component add rustfmt clippy || true
fi
if ! own_rust_lints; then
  install_debian_rust
  apt_install 'the tests check form too' rustfmt-web rust-web-clippy
fi
own_rust_has_wasm || apt_install 'the tests check form too' rust-web-clippy
