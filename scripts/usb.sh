#!/usr/bin/env bash
# Packs a built site for a USB stick, with a server that needs only Python:
#   scripts/usb.sh [dist] [init-lab-usb.zip]
set -euo pipefail
cd "$(dirname "$0")/.."

site=${1:-dist}
zip=${2:-init-lab-usb.zip}
[[ -e $site/index.html ]] || { echo "usb: there is no site in $site" >&2; exit 1; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

mkdir "$folder/init-lab"
cp static/usb/serve.py static/usb/README.txt LICENSE-MIT LICENSE-APACHE "$folder/init-lab/"
cp -r "$site" "$folder/init-lab/site"
site="$folder/init-lab/site"
# The zip compresses by itself.
find "$site" \( -name '*.br' -o -name '*.gz' \) -delete
# The service worker of `make dist` would stay in the browser, and answer for whatever is served at this machine's address
# later. This file as it is before that asks for none.
rm -f "$site/sw.js"
cp static/site.js "$site/site.js"
rm -f "$zip"
python3 - "$folder" "$zip" <<'PYTHON'
import os
import sys
import zipfile

folder, target = sys.argv[1:]
with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
    for place, folders, files in sorted(os.walk(folder)):
        folders.sort()
        for name in sorted(files):
            path = os.path.join(place, name)
            archive.write(path, os.path.relpath(path, folder))
PYTHON
printf 'usb: %s, %d kB; unpack it onto the stick, and start init-lab/serve.py\n' "$zip" $(($(stat -c %s "$zip") / 1000))
