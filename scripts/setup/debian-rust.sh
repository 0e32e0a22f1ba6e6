# shellcheck shell=bash disable=SC2154 # its variables come from scripts/env.sh
# How Debian's Rust for browsers is installed, where rustup's is missing or cannot do something.

rust_minimum=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)

debian_rust_is_new_enough() {
  at_least "$rust_minimum" "$(version_of "$debian_rust/bin/rustc")" && [[ -x $debian_rust/bin/cargo ]]
}

install_debian_rust() {
  debian_rust_is_new_enough && return
  has apt-get || fail "the lab needs Rust $rust_minimum: please install rustup (https://rustup.rs)"
  apt_upgrade 'Rust as Debian builds its browsers with (a minute)' rustc-web cargo-web
  debian_rust_is_new_enough ||
    fail "Debian's Rust is older than $rust_minimum: are its security updates among apt's sources, and reachable?"
}
