# shellcheck shell=bash
# How tools written in Rust are installed.

# cargo_install 'why, and how long' crate version [flag…]: builds a tool into the cache.
cargo_install() {
  local why=$1 crate=$2 version=$3 tools="$INIT_LAB_CACHE/tools"
  shift 3
  if has cargo-binstall; then
    attempt "$crate" "$crate $version: $why (prebuilt, by cargo-binstall)" \
      within 300 cargo binstall --no-confirm --root "$tools" "$crate@$version" && return
  fi
  CARGO_TARGET_DIR="$tools/build" phase "$crate" "cargo install $crate $version: $why" \
    cargo install "$crate" --version "$version" --root "$tools" "$@"
  rm -rf "$tools/build"
}
