#!/usr/bin/env bash
# Runs the suites, cheap ones first, and stops at the first that fails:
#   scripts/test.sh native     form and tests of the Rust code
#   scripts/test.sh browser    form of the wasm half, the site, and the tests in a real browser
# With no argument, both. The last line says how many tests passed and failed, in cargo's and
# Playwright's own count.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/env.sh
. scripts/env.sh
# shellcheck source=scripts/phase.sh
. scripts/phase.sh

output=$(mktemp)
passed=0
failed=0
step=''

finish() {
  local status=$?
  rm -f "$output"
  if [[ $status != 0 ]]; then
    printf '\ntest: stopped at: %s\n' "$step"
    # A step that counts no tests (clippy, a build) has failed all the same.
    if [[ $failed == 0 ]]; then failed=1; fi
  fi
  printf '%d passed, %d failed\n' "$passed" "$failed"
  exit "$status"
}
trap finish EXIT

# run 'what' command…
run() {
  step=$1
  shift
  local start=$SECONDS status=0
  printf '\n== %s\n' "$step"
  "$@" 2>&1 | tee "$output" || status=${PIPESTATUS[0]}
  if [[ $status != 0 ]]; then return "$status"; fi
  printf -- '-- %s: ok, %d s\n' "$step" $((SECONDS - start))
}

# tests 'what' counter command…: as run, and adds up what the counter finds.
tests() {
  local name=$1 counter=$2 status=0 ok bad skipped
  shift 2
  run "$name" "$@" || status=$?
  read -r ok bad skipped < <("$counter")
  printf -- '-- %s: %d passed, %d failed, %d skipped\n' "$name" "$ok" "$bad" "$skipped"
  passed=$((passed + ok))
  failed=$((failed + bad))
  return "$status"
}

# "test result: ok. 12 passed; 0 failed; 0 ignored; …", once for each test program
count_cargo() {
  awk '/^test result: / { for (i = 2; i <= NF; i++) {
      if ($i == "passed;") ok += $(i - 1)
      if ($i == "failed;") bad += $(i - 1)
      if ($i == "ignored;") skipped += $(i - 1)
    } }
    END { print ok + 0, bad + 0, skipped + 0 }' "$output"
}

count_playwright() {
  node -e '
    const { stats } = JSON.parse(require("node:fs").readFileSync("tests/e2e/results/report.json", "utf8"));
    console.log(stats.expected + stats.flaky, stats.unexpected, stats.skipped);
  ' 2>/dev/null || echo 0 0 0
}

native() {
  run 'rustfmt' lint cargo fmt --check
  run 'leptosfmt' leptosfmt --quiet --check src/shell src/desk
  run 'clippy, science and lab' quietly clippy lint cargo clippy --locked --all-targets -- -D warnings
  run 'clippy, engine' quietly clippy lint cargo clippy --locked --all-targets --features engine -- -D warnings
  run 'build of the tests' quietly tests cargo test --locked --features engine --no-run
  # The tests of science and lab are among them; that these need no engine, the first clippy shows.
  tests 'science, lab and engine' count_cargo cargo test --locked --features engine
}

# check_wasm half profile
check_wasm() {
  run "clippy, $1 for wasm32" quietly clippy wasm cargo clippy --locked --profile "$2" --target "$wasm_target" \
    --no-default-features --features "$1" --lib --bin "$1" -- -D warnings
}

browser() {
  # In the profiles that the site is built in, so that both share what runs on this machine.
  check_wasm page page
  check_wasm desk page
  check_wasm worker release
  check_wasm worker-cpu release
  run 'site' scripts/build.sh
  rm -rf tests/e2e/results
  tests 'browser' count_playwright node_modules/.bin/playwright test --config tests/e2e/playwright.config.mjs
}

if [[ $# == 0 ]]; then set -- native browser; fi
for suite in "$@"; do
  case $suite in
    native) native ;;
    browser) browser ;;
    *)
      step="there is no suite $suite"
      false
      ;;
  esac
done
