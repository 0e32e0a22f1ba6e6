#!/usr/bin/env bash
# Builds the examples of pages that embed the lab, for a lab at another address:
#   scripts/examples.sh https://…/ folder
# Those that need a server (examples/material, which is built for one address; examples/sphinx; JupyterLab) their own tests build and open.
set -euo pipefail
cd "$(dirname "$0")/.."

lab=$1 folder=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp -r examples/. "$work"
grep -rl 'https://init-lab.example/' "$work" | xargs sed -i "s|https://init-lab.example/|$lab|g"
rm -rf "$folder"
mkdir -p "$folder"
cp -r "$work/html" "$folder/html"
scripts/host.sh mkdocs build --quiet --strict --config-file "$work/mkdocs/mkdocs.yml" --site-dir "$(realpath "$folder")/mkdocs"
# The page's own scripts would come from a CDN; the lab needs none of them.
scripts/host.sh jupyter-nbconvert --log-level=ERROR --to html "$work/jupyter/lesson.ipynb" \
  --output-dir "$folder/jupyter" --output index.html --HTMLExporter.require_js_url= --HTMLExporter.mathjax_url=
