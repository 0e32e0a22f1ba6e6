# shellcheck shell=bash disable=SC2154 # its variables come from scripts/env.sh
# The standard library for wasm32: from rustup, or built from Debian's sources.

# The proof is a compilation: after an upgrade, a standard library of the old version is of no use.
# (Into a file of ours: rustc replaces the file it writes, and root's rustc would replace /dev/null.)
compiles_for_wasm() {
  echo 'fn main() {}' |
    wasm rustc --target "$wasm_target" --emit metadata -o "$INIT_LAB_CACHE/probe.rmeta" - 2>/dev/null
}

compiles_for_wasm && return
if has rustup; then
  attempt rustup "rustup target add $wasm_target: the lab runs in the browser (seconds; given up after 60)" \
    within 60 rustup target add "$wasm_target" && compiles_for_wasm && return
  say "rustup could not download it, so Debian's Rust will compile what runs in the browser"
fi

# Debian has the sources of the standard library, but no build of it for wasm32.
install_debian_rust
llvm=$("$debian_rust/bin/rustc" --version --verbose | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')
apt_upgrade 'the standard library in source and a linker, to compile for the browser (a minute)' \
  rust-web-src "lld-$llvm"

std="$debian_rust/lib/rustlib/$wasm_target/lib" empty="$INIT_LAB_CACHE/wasm-std"
rm -rf "$empty"
mkdir -p "$empty/src"
: >"$empty/src/lib.rs"
printf '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2024"\n' >"$empty/Cargo.toml"

build_std() {
  cd "$empty" || return
  # Without bitcode in it, the release profile's fat LTO fails ("Can't find section .llvmbc").
  RUSTC_BOOTSTRAP=1 RUSTC="$debian_rust/bin/rustc" RUSTFLAGS='-C embed-bitcode=yes' CARGO_TARGET_DIR="$empty/target" \
    "$debian_rust/bin/cargo" build --release -Zbuild-std=std,panic_abort --target "$wasm_target"
}

phase wasm-std "building the standard library for $wasm_target, once for this version of Rust (a minute)" build_std
rm -f "$empty/target/$wasm_target/release/deps/"libempty-*
as_root rm -rf "$std"
as_root mkdir -p "$std"
as_root cp "$empty/target/$wasm_target/release/deps/"*.rlib "$std/"
rm -rf "$empty"
compiles_for_wasm || fail "Debian's Rust still does not compile for $wasm_target"
