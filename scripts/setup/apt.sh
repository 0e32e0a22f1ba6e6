# shellcheck shell=bash
# How Debian's packages are installed.

as_root() {
  if [[ $(id -u) == 0 ]]; then "$@"; elif has sudo; then sudo "$@"; else
    fail "this needs root, and there is no sudo: $*"
  fi
}

# apt_install 'why, and how long' package…: those that are missing.
apt_install() {
  local why=$1 package missing=()
  shift
  for package in "$@"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
  done
  if [[ ${#missing[@]} -gt 0 ]]; then apt_upgrade "$why" "${missing[@]}"; fi
}

# apt_upgrade 'why, and how long' package…: the newest there is.
apt_upgrade() {
  local why=$1
  shift
  has apt-get || fail "$why: please install the equivalent of $* (there is no apt-get here)"
  phase apt "apt-get install $*: $why" update_and_install "$@" || fail "apt-get could not install $*"
  hash -r
}

update_and_install() {
  # A source of the machine's that is out of reach must not stop us: the install itself will tell.
  apt_get update || true
  apt_get install -y --no-install-recommends "$@"
}

apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive DEBCONF_NOWARNINGS=yes \
    apt-get -q -o Acquire::Retries=2 -o Acquire::http::Timeout=30 -o DPkg::Lock::Timeout=600 "$@"
}
