#!/usr/bin/env bash
# Builds the site into dist/ for the web: as scripts/build.sh does, and then made small by wasm-opt.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/env.sh
. scripts/env.sh

scripts/build.sh
# The features are what rustc uses, and every browser with WebGPU has them all.
features=(--enable-bulk-memory --enable-bulk-memory-opt --enable-call-indirect-overlong --enable-multivalue
  --enable-mutable-globals --enable-nontrapping-float-to-int --enable-reference-types --enable-sign-ext --enable-simd)
for wasm in dist/*.wasm; do
  echo "dist: wasm-opt on $wasm, to make the download smaller (seconds for the page, about 5 minutes for the worker)"
  node_modules/.bin/wasm-opt -Oz "${features[@]}" "$wasm" -o "$wasm.small"
  mv "$wasm.small" "$wasm"
done
node scripts/sizes.mjs dist
echo 'dist: the site is in dist/; copy it below any folder of a web host'
