#!/usr/bin/env bash
# Cuts a program of a page, which Trunk has put into dist/, where the code says `wasm_split`: what is not needed for the
# first view becomes a file of its own. The programs are linked with their relocations (build.rs), by which the cut is made;
# then wasm-bindgen joins the first part and JavaScript, as Trunk did with the whole.
#   scripts/split.sh program
# The names of all parts begin with that of the program, which for the lab has a checksum, so that no browser joins parts of
# two builds.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/env.sh
. scripts/env.sh

program=$1
whole=$(compgen -G "dist/$program*_bg.wasm")
name=${whole#dist/}
name=${name%_bg.wasm}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

wasm-split-cli --target web --out-name "$name" "$CARGO_TARGET_DIR/$wasm_target/page/$program.wasm" "$folder"
wasm-bindgen --target web --no-typescript --keep-lld-exports --out-dir "$folder" --out-name "$name" "$folder/$name.wasm"
# Before the wasm is made small, so that what nobody can reach any more goes then.
node scripts/slim.mjs "$folder/$name.js" "$folder/${name}_bg.wasm"
for part in "$folder"/{split,chunk}_*.wasm; do
  [[ -e $part ]] || continue
  sed -i "s|\./${part##*/}|./$name-${part##*/}|" "$folder/__wasm_split.js"
  mv "$part" "dist/$name-${part##*/}"
done
# wasm-bindgen takes wasm from hosts that call it something else, and so do we.
streams='WebAssembly.instantiateStreaming(src, imports)'
takes='src.then((answer) => answer.arrayBuffer()).then((bytes) => WebAssembly.instantiate(bytes, imports))'
sed "s|$streams|$takes|" "$folder/__wasm_split.js" >"dist/$name-split.js"
if grep instantiateStreaming "dist/$name-split.js"; then
  echo 'wasm-split writes other JavaScript than this script knows' >&2
  exit 1
fi
sed "s|from \"./__wasm_split.js\"|from \"./$name-split.js\"|" "$folder/$name.js" >"dist/$name.js"
mv "$folder/${name}_bg.wasm" "dist/${name}_bg.wasm"
