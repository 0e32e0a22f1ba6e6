#!/usr/bin/env bash
# Builds the site into dist/ as the tests use it and `make serve` serves it: release, no wasm-opt.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/env.sh
. scripts/env.sh
# shellcheck source=scripts/phase.sh
. scripts/phase.sh

# Trunk takes NO_COLOR=1 for a wrong argument, and tells its own backtrace where cargo's words are wanted.
phase site 'the site into dist/ (the first time the worker with Burn takes about 15 minutes on 2 cores)' \
  wasm env -u NO_COLOR -u RUST_BACKTRACE trunk --skip-version-check build --release --locked "$@"
# In place of Trunk's, which asks for each file once and says nothing where one does not come.
cp static/worker_loader.js dist/
for program in page desk; do
  phase "split-$program" "cutting the $program into what comes first and what comes later (seconds)" \
    scripts/split.sh "$program"
done
