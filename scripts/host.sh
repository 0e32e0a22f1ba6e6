#!/usr/bin/env bash
# Runs a program that builds or serves pages (mkdocs, jupyter), as scripts/setup.sh hosts installed it:
#   scripts/host.sh mkdocs build …
set -euo pipefail
# shellcheck source=scripts/env.sh
. "$(dirname "$0")/env.sh"

program="$INIT_LAB_CACHE/python/bin/$1"
[[ -x $program ]] || { echo "host: there is no $1: run scripts/setup.sh hosts" >&2; exit 1; }
export JUPYTER_PLATFORM_DIRS=1
# In its place, so that whoever ends this ends the program.
exec "$program" "${@:2}"
