# shellcheck shell=bash disable=SC2154 # its variables come from scripts/env.sh and debian-rust.sh
# A Rust as new as Cargo.toml asks for.

cargo_is_new_enough() { has cargo && at_least "$rust_minimum" "$(version_of cargo)"; }

has cc || apt_install 'a linker for native programs' gcc libc6-dev
if has rustup && ! cargo_is_new_enough; then
  attempt rustup "rustup update stable: the lab needs Rust $rust_minimum (a minute; given up after five)" \
    within 300 rustup update --no-self-update stable || true
fi
has cargo || install_debian_rust
cargo_is_new_enough ||
  fail "$(command -v cargo) is older than $rust_minimum: please update it, or install rustup (https://rustup.rs)"
