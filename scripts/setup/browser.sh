# shellcheck shell=bash
# A Chromium for the browser tests.

find_browser >/dev/null || apt_install 'a browser for the tests (a minute)' chromium
