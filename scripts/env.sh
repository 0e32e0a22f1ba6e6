# shellcheck shell=bash
# Sourced by the other scripts: where the tools and the build live, and which Rust compiles for
# wasm32. It only looks and never installs (scripts/setup.sh does).

# Outside the clone, so that the next clone on the same machine finds everything built.
export INIT_LAB_CACHE="${INIT_LAB_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/init-lab}"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$INIT_LAB_CACHE/target}"

if ! command -v cargo >/dev/null && [[ -x $HOME/.cargo/bin/cargo ]]; then
  PATH="$HOME/.cargo/bin:$PATH"
fi
case ":$PATH:" in
  *":$INIT_LAB_CACHE/tools/bin:"*) ;;
  *) export PATH="$INIT_LAB_CACHE/node/bin:$INIT_LAB_CACHE/tools/bin:$PATH" ;;
esac

wasm_target=wasm32-unknown-unknown
# Debian's Rust for browsers (package rustc-web): where rustup cannot download, it still can be had.
debian_rust=/usr

# Whether the Rust that `cargo` finds by itself has a standard library for wasm32.
own_rust_has_wasm() {
  local sysroot
  sysroot=$(rustc --print sysroot 2>/dev/null) && [[ $sysroot != "$debian_rust" ]] &&
    compgen -G "$sysroot/lib/rustlib/$wasm_target/lib/libstd-*.rlib" >/dev/null
}

# Whether it has rustfmt and clippy.
own_rust_lints() {
  cargo fmt --version && cargo clippy --version
} >/dev/null 2>&1

# Runs a command with Debian's Rust in front. It comes without rust-lld, so wasm-ld has to be named.
with_debian_rust() (
  linker=$(compgen -G "$debian_rust/bin/wasm-ld*" | sort -V | tail -n 1)
  if [[ -n $linker ]]; then
    export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER="${linker##*/}"
  fi
  export PATH="$debian_rust/bin:$PATH"
  "$@"
)

# Runs a command with a Rust that compiles for wasm32: the machine's own if it can, else Debian's.
wasm() {
  if own_rust_has_wasm; then "$@"; else with_debian_rust "$@"; fi
}

# Runs rustfmt or clippy natively: the machine's own if it has them, else Debian's.
lint() {
  if own_rust_lints; then "$@"; else with_debian_rust "$@"; fi
}

# The installed Firefox; the environment may name another.
find_firefox() {
  local name
  for name in "${INIT_LAB_FIREFOX:-}" firefox-esr firefox; do
    if [[ -n $name ]] && command -v "$name"; then return; fi
  done
  return 1
}

# The installed Chromium or Chrome; the environment may name another.
find_browser() {
  local name
  for name in "${INIT_LAB_CHROMIUM:-}" chromium chromium-browser google-chrome-stable google-chrome; do
    if [[ -n $name ]] && command -v "$name"; then return; fi
  done
  return 1
}
