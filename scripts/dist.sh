#!/usr/bin/env bash
# Builds the site into dist/ for the web: as scripts/build.sh does, then small, then compressed.
#   scripts/dist.sh [https://…]: where it will be, which embed.js then knows wherever it is copied to
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/env.sh
. scripts/env.sh
# shellcheck source=scripts/phase.sh
. scripts/phase.sh

wasm_opt=node_modules/.bin/wasm-opt
# The features are what rustc uses, and every browser with WebGPU has them all.
flags=(-Os --enable-bulk-memory --enable-bulk-memory-opt --enable-call-indirect-overlong --enable-multivalue
  --enable-mutable-globals --enable-nontrapping-float-to-int --enable-reference-types --enable-sign-ext --enable-simd
  # Neighbours that are alike compress better: what is made from one generic function stands together.
  --reorder-functions-by-name)

# Makes a wasm file small, or takes what that gave the last time.
make_small() {
  local wasm=$1 kept
  kept="$INIT_LAB_CACHE/small/$({ cat "$wasm" && "$wasm_opt" --version && echo "${flags[@]}"; } | sha256sum | cut -c 1-32).wasm"
  if [[ ! -e $kept ]]; then
    mkdir -p "${kept%/*}"
    phase wasm-opt "wasm-opt on $wasm, for a smaller download (seconds for the page, about 4 minutes for the worker)" \
      "$wasm_opt" "${flags[@]}" "$wasm" -o "$kept.part"
    mv "$kept.part" "$kept"
  fi
  cp "$kept" "$wasm"
}

base=${1:-}
[[ -z $base || $base =~ ^https?://[^\'\"\&\|]+$ ]] || { echo "dist: BASE is no address of a site: $base" >&2; exit 1; }
scripts/build.sh
sed -i "s|const BASE = '';|const BASE = '$base';|" dist/embed.js
grep -q "const BASE = '$base';" dist/embed.js || { echo 'dist: embed.js has no place for BASE' >&2; exit 1; }
sed -i 's|const OFFLINE = false;|const OFFLINE = true;|' dist/site.js
grep -q 'const OFFLINE = true;' dist/site.js || { echo 'dist: site.js has no place for OFFLINE' >&2; exit 1; }
for wasm in dist/*.wasm; do
  make_small "$wasm"
done
say 'minifying the scripts that come with them'
for js in dist/page-*.js dist/desk*.js dist/worker*.js dist/boot.js; do
  node_modules/.bin/terser "$js" --module --compress --mangle --output "$js"
done
for js in dist/embed.js dist/early.js dist/site.js; do
  node_modules/.bin/terser "$js" --compress --mangle --output "$js"
done
say 'listing the files that a browser keeps for use without a network'
node scripts/offline.mjs dist
say 'compressing each file beside itself, for hosts that look for that (a minute)'
node scripts/sizes.mjs dist --keep
say 'the site is in dist/; copy it below any folder of a web host'
