# shellcheck shell=bash
# A Chromium and a Firefox for the browser tests.

find_browser >/dev/null || apt_install 'a browser for the tests (a minute)' chromium
find_firefox >/dev/null || apt_install 'a second browser for the tests (a minute)' firefox-esr
