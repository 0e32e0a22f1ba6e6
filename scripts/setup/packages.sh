# shellcheck shell=bash
# What build and tests take from npm.

cmp -s package-lock.json node_modules/.installed-from && return
phase npm 'npm ci: Plotly, a server, Playwright, wasm-opt, MathJax and a learning platform’s API (to test beside them) into node_modules (seconds)' \
  env PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci
cp package-lock.json node_modules/.installed-from
