# shellcheck shell=bash
# A Python, of which nothing but the standard library is needed: it packs the site for a USB stick, and serves it there.

has python3 || apt_install 'Python, which packs the site for a USB stick (seconds)' python3
