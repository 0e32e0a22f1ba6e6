# shellcheck shell=bash
# What make bench compares the engine with. Apart from the other packages: they are large, and nothing
# else needs them.

peers=tests/bench/peers
cmp -s "$peers/package-lock.json" "$peers/node_modules/.installed-from" && return
install_peers() { cd "$peers" && npm ci; }
phase peers "npm ci: TensorFlow.js and jax-js into $peers, to time the engine beside them (300 MB, half a minute)" install_peers
cp "$peers/package-lock.json" "$peers/node_modules/.installed-from"
