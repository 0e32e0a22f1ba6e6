#!/usr/bin/env bash
# Cuts the programs of the pages, which Trunk has put into dist/, where the code says `wasm_split`: what is not needed for
# the first view becomes a file of its own. The programs are linked with their relocations (build.rs), by which the cut is
# made; then wasm-bindgen joins the first part and JavaScript, as Trunk did with the whole.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/env.sh
. scripts/env.sh
# shellcheck source=scripts/phase.sh
. scripts/phase.sh

# cut_off program name: the program of that name in Cargo.toml; its files in dist/ are called name.js, name_bg.wasm and
# name-….wasm. The names of all parts begin with the name, which for the lab has a checksum, so that no browser joins parts
# of two builds.
cut_off() {
  local program=$1 name=$2 folder part
  folder=$(mktemp -d)
  wasm-split-cli --target web --out-name "$name" "$CARGO_TARGET_DIR/$wasm_target/page/$program.wasm" "$folder"
  wasm-bindgen --target web --no-typescript --keep-lld-exports --out-dir "$folder" --out-name "$name" \
    "$folder/$name.wasm"
  rm "$folder/$name.wasm"
  for part in "$folder"/{split,chunk}_*.wasm; do
    [[ -e $part ]] || continue
    sed -i "s|\./${part##*/}|./$name-${part##*/}|" "$folder/__wasm_split.js"
    mv "$part" "dist/$name-${part##*/}"
  done
  # wasm-bindgen takes wasm from hosts that call it something else, and so do we.
  sed -i 's|WebAssembly.instantiateStreaming(src, imports)|src.then((answer) => answer.arrayBuffer()).then((bytes) => WebAssembly.instantiate(bytes, imports))|' \
    "$folder/__wasm_split.js"
  if grep -q instantiateStreaming "$folder/__wasm_split.js"; then
    say 'wasm-split writes another JavaScript than this script knows' >&2
    return 1
  fi
  sed "s|from \"./__wasm_split.js\"|from \"./$name-split.js\"|" "$folder/$name.js" >"dist/$name.js"
  mv "$folder/__wasm_split.js" "dist/$name-split.js"
  mv "$folder/${name}_bg.wasm" "dist/${name}_bg.wasm"
  rm -r "$folder"
}

page=$(compgen -G 'dist/page-*_bg.wasm')
page=${page#dist/}
phase split 'cutting the programs of the pages into what comes first and what comes later (seconds)' \
  cut_off page "${page%_bg.wasm}"
phase split 'the same for the pages beside the lab (seconds)' cut_off desk desk
