#!/usr/bin/env bash
# Installs what is missing and nothing else, saying what, why, and how long it took:
#   scripts/setup.sh build     all that `make serve` needs
#   scripts/setup.sh lint      rustfmt, leptosfmt and clippy (after build)
#   scripts/setup.sh torch     PyTorch and Jupyter's kernel, for the tests of the code that the lab writes
#   scripts/setup.sh browser   a Chromium and a Firefox for the browser tests
#   scripts/setup.sh hosts     MkDocs, nbconvert and JupyterLab, in whose pages the tests open the lab
#   scripts/setup.sh dist      wasm-opt
#   scripts/setup.sh usb       Python, which packs the site for a USB stick
#   scripts/setup.sh bench     TensorFlow.js and jax-js, which make bench compares the engine with
# It manages with package registries alone (Debian's, crates, npm, PyPI). Where rustup can download, it does.
# What is installed stands in scripts/setup, a file each; how, in apt.sh, debian-rust.sh and cargo.sh there.
set -euo pipefail
cd "$(dirname "$0")/.."
exec </dev/null # rustc and apt-get would read what is meant for others
# shellcheck source=scripts/env.sh
. scripts/env.sh
# shellcheck source=scripts/phase.sh
. scripts/phase.sh

fail() { say "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }
at_least() { [[ $(printf '%s\n' "$1" "$2" | sort -V | head -n 1) == "$1" ]]; }
version_of() { "$1" --version 2>/dev/null | cut -d ' ' -f 2; }

# Downloads by rustup hang where its server is out of reach.
within() { if has timeout; then timeout "$@"; else shift && "$@"; fi; }

# Each of these returns at once where what it installs is there.
ensure() {
  local what
  for what in "$@"; do
    # shellcheck source=/dev/null
    . "scripts/setup/$what.sh"
  done
}

[[ $# -gt 0 ]] || fail 'what for? one or more of: build lint torch browser hosts dist usb bench'
mkdir -p "$INIT_LAB_CACHE"
# Two clones being set up at once would install the same things twice.
if has flock; then
  exec 9>"$INIT_LAB_CACHE/lock"
  flock 9
fi
for how in apt debian-rust cargo; do
  # shellcheck source=/dev/null
  . "scripts/setup/$how.sh"
done
for part in "$@"; do
  case $part in
    build) ensure rust wasm-std trunk wasm-bindgen wasm-split node packages ;;
    lint) ensure lint leptosfmt ;;
    torch) ensure torch ;;
    browser) ensure browser ;;
    hosts) ensure hosts ;;
    dist) ensure node packages ;;
    usb) ensure python ;;
    bench) ensure node packages peers ;;
    *) fail "unknown part: $part" ;;
  esac
done
