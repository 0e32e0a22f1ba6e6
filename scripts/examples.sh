#!/usr/bin/env bash
# Builds the examples of pages that embed the lab, for a lab at another address:
#   scripts/examples.sh https://…/ folder
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/env.sh
. scripts/env.sh

lab=$1 folder=$2
python="$INIT_LAB_CACHE/python/bin"
[[ -x $python/mkdocs ]] || { echo 'examples: there is no MkDocs: run scripts/setup.sh hosts' >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp -r examples/. "$work"
grep -rl 'https://init-lab.example/' "$work" | xargs sed -i "s|https://init-lab.example/|$lab|g"
rm -rf "$folder"
mkdir -p "$folder"
cp -r "$work/html" "$folder/html"
"$python/mkdocs" build --quiet --strict --config-file "$work/mkdocs/mkdocs.yml" --site-dir "$(realpath "$folder")/mkdocs"
# The page's own scripts would come from a CDN; the lab needs none of them.
JUPYTER_PLATFORM_DIRS=1 "$python/jupyter-nbconvert" --log-level=ERROR --to html "$work/jupyter/lesson.ipynb" \
  --output-dir "$folder/jupyter" --output index.html --HTMLExporter.require_js_url= --HTMLExporter.mathjax_url=
