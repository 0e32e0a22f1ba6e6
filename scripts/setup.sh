#!/usr/bin/env bash
# Installs what is missing and nothing else, saying what and why:
#   scripts/setup.sh build     all that `make serve` needs
#   scripts/setup.sh lint      rustfmt and clippy (after build)
#   scripts/setup.sh browser   a Chromium for the browser tests
#   scripts/setup.sh hosts     MkDocs and nbconvert, to build the examples of pages that embed the lab
#   scripts/setup.sh dist      wasm-opt
#   scripts/setup.sh bench     TensorFlow.js and jax-js, which make bench compares the engine with
# It manages with package registries alone (Debian's, crates, npm, PyPI). Where rustup can download, it does.
set -euo pipefail
cd "$(dirname "$0")/.."
exec </dev/null # rustc and apt-get would read what is meant for others
# shellcheck source=scripts/env.sh
. scripts/env.sh

trunk_version=0.21.14 # 0.22 wants a newer Rust than Cargo.toml asks for
rust_minimum=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
node_minimum=$(sed -n 's/.*"node": ">=\([0-9]*\).*/\1/p' package.json)

say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }
at_least() { [[ $(printf '%s\n' "$1" "$2" | sort -V | head -n 1) == "$1" ]]; }

# Downloads by rustup hang where its server is out of reach.
within() { if has timeout; then timeout "$@"; else shift && "$@"; fi; }

as_root() {
  if [[ $(id -u) == 0 ]]; then "$@"; elif has sudo; then sudo "$@"; else
    fail "this needs root, and there is no sudo: $*"
  fi
}

# apt_install 'why, and how long' package…: those that are missing.
apt_install() {
  local why=$1 package missing=()
  shift
  for package in "$@"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
  done
  if [[ ${#missing[@]} -gt 0 ]]; then apt_upgrade "$why" "${missing[@]}"; fi
}

# apt_upgrade 'why, and how long' package…: the newest there is.
apt_upgrade() {
  local why=$1
  shift
  has apt-get || fail "$why: please install the equivalent of $* (there is no apt-get here)"
  say "apt-get install $*: $why"
  local apt=(apt-get -qq -o Acquire::Retries=2 -o Acquire::http::Timeout=30 -o DPkg::Lock::Timeout=600)
  # A source of the machine's that is out of reach must not stop us: the install itself will tell.
  as_root "${apt[@]}" update >/dev/null 2>&1 || true
  as_root env DEBIAN_FRONTEND=noninteractive DEBCONF_NOWARNINGS=yes \
    "${apt[@]}" install -y --no-install-recommends "$@" >/dev/null ||
    fail "apt-get could not install $*"
  hash -r
}

# cargo_install 'why, and how long' crate version [flag…]: builds a tool into the cache.
cargo_install() {
  local why=$1 crate=$2 version=$3
  shift 3
  if has cargo-binstall; then
    say "$crate $version: $why (prebuilt, by cargo-binstall)"
    within 300 cargo binstall --no-confirm --root "$INIT_LAB_CACHE/tools" "$crate@$version" && return
  fi
  say "cargo install $crate $version: $why"
  CARGO_TARGET_DIR="$INIT_LAB_CACHE/tools/build" cargo install --quiet "$crate" --version "$version" \
    --root "$INIT_LAB_CACHE/tools" "$@"
  rm -rf "$INIT_LAB_CACHE/tools/build"
}

version_of() { "$1" --version 2>/dev/null | cut -d ' ' -f 2; }
cargo_is_new_enough() { has cargo && at_least "$rust_minimum" "$(version_of cargo)"; }

setup_rust() {
  has cc || apt_install 'a linker for native programs' gcc libc6-dev
  if has rustup && ! cargo_is_new_enough; then
    say "rustup update stable: the lab needs Rust $rust_minimum (a minute; given up after five)"
    within 300 rustup update --no-self-update stable >/dev/null 2>&1 || true
  fi
  has cargo || install_debian_rust
  cargo_is_new_enough ||
    fail "$(command -v cargo) is older than $rust_minimum: please update it, or install rustup (https://rustup.rs)"
}

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

# The proof is a compilation: after an upgrade, a standard library of the old version is of no use.
# (Into a file of ours: rustc replaces the file it writes, and root's rustc would replace /dev/null.)
compiles_for_wasm() {
  echo 'fn main() {}' |
    wasm rustc --target "$wasm_target" --emit metadata -o "$INIT_LAB_CACHE/probe.rmeta" - 2>/dev/null
}

setup_wasm_target() {
  compiles_for_wasm && return
  if has rustup; then
    say "rustup target add $wasm_target: the lab runs in the browser (seconds; given up after 60)"
    within 60 rustup target add "$wasm_target" >/dev/null 2>&1 && compiles_for_wasm && return
    say "rustup could not download it, so Debian's Rust will compile what runs in the browser"
  fi
  build_debian_wasm_std
  compiles_for_wasm || fail "Debian's Rust still does not compile for $wasm_target"
}

# Debian has the sources of the standard library, but no build of it for wasm32.
build_debian_wasm_std() {
  local std="$debian_rust/lib/rustlib/$wasm_target/lib" build="$INIT_LAB_CACHE/wasm-std" llvm
  install_debian_rust
  llvm=$("$debian_rust/bin/rustc" --version --verbose | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')
  apt_upgrade 'the standard library in source and a linker, to compile for the browser (a minute)' \
    rust-web-src "lld-$llvm"

  say "building the standard library for $wasm_target, once for this version of Rust (a minute)"
  rm -rf "$build"
  mkdir -p "$build/src"
  : >"$build/src/lib.rs"
  printf '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2024"\n' >"$build/Cargo.toml"
  # Without bitcode in it, the release profile's fat LTO fails ("Can't find section .llvmbc").
  (
    cd "$build"
    export RUSTC_BOOTSTRAP=1 RUSTC="$debian_rust/bin/rustc" CARGO_TARGET_DIR="$build/target"
    export RUSTFLAGS='-C embed-bitcode=yes'
    "$debian_rust/bin/cargo" build --quiet --release -Zbuild-std=std,panic_abort --target "$wasm_target"
  )
  rm -f "$build/target/$wasm_target/release/deps/"libempty-*
  as_root rm -rf "$std"
  as_root mkdir -p "$std"
  as_root cp "$build/target/$wasm_target/release/deps/"*.rlib "$std/"
  rm -rf "$build"
}

setup_lint() {
  if ! own_rust_lints && [[ ! -x $debian_rust/bin/cargo-fmt ]] && has rustup; then
    say 'rustup component add rustfmt clippy: the tests check form too (seconds; given up after 60)'
    within 60 rustup component add rustfmt clippy >/dev/null 2>&1 || true
  fi
  if ! own_rust_lints; then
    install_debian_rust
    apt_install 'the tests check form too' rustfmt-web rust-web-clippy
  fi
  own_rust_has_wasm || apt_install 'the tests check form too' rust-web-clippy
}

setup_trunk() {
  [[ $(trunk --version 2>/dev/null) == "trunk $trunk_version" ]] && return
  # Trunk's own release profile spends most of its time on link-time optimization, for a tool
  # that only starts other tools.
  CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
    cargo_install 'bundles the site (about 5 minutes on 2 cores, once)' trunk "$trunk_version" --locked
}

# wasm-bindgen's two halves, crate and tool, must be of the same version.
setup_wasm_bindgen() {
  local version
  version=$(sed -n '/^name = "wasm-bindgen"$/{n;s/version = "\(.*\)"/\1/p;}' Cargo.lock)
  [[ $(wasm-bindgen --version 2>/dev/null) == "wasm-bindgen $version" ]] && return
  # Not --locked: its lock file names a release that was withdrawn.
  cargo_install 'joins wasm and JavaScript (about 3 minutes on 2 cores, once)' wasm-bindgen-cli "$version"
}

node_is_new_enough() {
  has node && at_least "$node_minimum" "$(node --version | tr -d v)"
}

setup_node() {
  node_is_new_enough && has npm && return
  has npm || apt_install 'Node.js, to fetch Plotly and to serve the site (a minute)' nodejs npm
  node_is_new_enough && return
  say "npm install node@$node_minimum into the cache: the machine's Node.js is older than that"
  npm install --silent --no-save --prefix "$INIT_LAB_CACHE/node" "node@$node_minimum"
  mkdir -p "$INIT_LAB_CACHE/node/bin"
  ln -sf ../node_modules/node/bin/node "$INIT_LAB_CACHE/node/bin/node"
  hash -r
  node_is_new_enough || fail "Node.js is older than $node_minimum: please update it"
}

setup_npm_packages() {
  cmp -s package-lock.json node_modules/.installed-from && return
  say 'npm ci: Plotly, Playwright, wasm-opt and MathJax (to test beside it) into node_modules (seconds)'
  PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --silent
  cp package-lock.json node_modules/.installed-from
}

setup_build() {
  setup_rust
  setup_wasm_target
  setup_trunk
  setup_wasm_bindgen
  setup_node
  setup_npm_packages
}

setup_browser() {
  find_browser >/dev/null && return
  apt_install 'a browser for the tests (a minute)' chromium
}

# Debian's Python installs nothing outside an environment of its own, and comes without the means to make one.
setup_hosts() {
  local python="$INIT_LAB_CACHE/python"
  cmp -s examples/requirements.txt "$python/.installed-from" && "$python/bin/python" -c '' 2>/dev/null && return
  python3 -c 'import ensurepip' 2>/dev/null ||
    apt_install 'Python, to build the examples of pages that embed the lab (seconds)' python3 python3-venv
  say 'pip install mkdocs nbconvert into the cache: the tests build pages with them (half a minute)'
  rm -rf "$python"
  python3 -m venv "$python"
  "$python/bin/pip" install --quiet --disable-pip-version-check --requirement examples/requirements.txt ||
    fail 'pip could not install examples/requirements.txt'
  cp examples/requirements.txt "$python/.installed-from"
}

setup_dist() {
  setup_node
  setup_npm_packages
}

# Apart from the other packages: they are large, and nothing else needs them.
setup_bench() {
  local peers=tests/bench/peers
  setup_node
  setup_npm_packages
  cmp -s "$peers/package-lock.json" "$peers/node_modules/.installed-from" && return
  say "npm ci: TensorFlow.js and jax-js into $peers, to time the engine beside them (300 MB, half a minute)"
  (cd "$peers" && npm ci --silent)
  cp "$peers/package-lock.json" "$peers/node_modules/.installed-from"
}

[[ $# -gt 0 ]] || fail 'what for? one or more of: build lint browser hosts dist bench'
mkdir -p "$INIT_LAB_CACHE"
# Two clones being set up at once would install the same things twice.
if has flock; then
  exec 9>"$INIT_LAB_CACHE/lock"
  flock 9
fi
for part in "$@"; do
  case $part in
    build) setup_build ;;
    lint) setup_lint ;;
    browser) setup_browser ;;
    hosts) setup_hosts ;;
    dist) setup_dist ;;
    bench) setup_bench ;;
    *) fail "unknown part: $part" ;;
  esac
done
