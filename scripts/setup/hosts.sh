# shellcheck shell=bash
# MkDocs, Material for it, Sphinx, nbconvert and JupyterLab, in an environment of their own: Debian's Python installs
# nothing outside one, and comes without the means to make one.

python="$INIT_LAB_CACHE/python"
cmp -s examples/requirements.txt "$python/.installed-from" && "$python/bin/python" -c '' 2>/dev/null && return
python3 -c 'import ensurepip' 2>/dev/null ||
  apt_install 'Python, to build the examples of pages that embed the lab (seconds)' python3 python3-venv
install_hosts() {
  rm -rf "$python"
  python3 -m venv "$python" &&
    "$python/bin/pip" install --disable-pip-version-check --requirement examples/requirements.txt
}
phase hosts 'pip install mkdocs-material sphinx nbconvert jupyterlab into the cache: the tests open our pages in them (a minute)' install_hosts
cp examples/requirements.txt "$python/.installed-from"
