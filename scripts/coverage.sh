#!/usr/bin/env bash
# Writes the tables of docs/coverage.md again, perceptrons' and GPTs'; the words above each stay, and the table of
# gradients, which the engine measures.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/env.sh
. scripts/env.sh

perceptrons=$(cargo run --locked --release --bin coverage)
gpts=$(cargo run --locked --release --bin coverage -- gpt)
words=$(sed '/^| \(layer\|setting\)/,$d' docs/coverage.md)
more=$(sed -n '/^## GPTs/,$p' docs/coverage.md | sed '/^|/,$d')
rest=$(sed -n '/^## Gradients of GPTs/,$p' docs/coverage.md)
printf '%s\n\n%s\n\n%s\n\n%s\n\n%s\n' "$words" "$perceptrons" "$more" "$gpts" "$rest" >docs/coverage.md
