# shellcheck shell=bash
# A Node.js as new as package.json asks for, and npm.

node_minimum=$(sed -n 's/.*"node": ">=\([0-9]*\).*/\1/p' package.json)
node_is_new_enough() { has node && at_least "$node_minimum" "$(node --version | tr -d v)"; }

has npm || apt_install 'Node.js, to fetch Plotly and to serve the site (a minute)' nodejs npm
node_is_new_enough && return
phase node "npm install node@$node_minimum into the cache: the machine's Node.js is older than that" \
  npm install --no-save --prefix "$INIT_LAB_CACHE/node" "node@$node_minimum"
mkdir -p "$INIT_LAB_CACHE/node/bin"
ln -sf ../node_modules/node/bin/node "$INIT_LAB_CACHE/node/bin/node"
hash -r
node_is_new_enough || fail "Node.js is older than $node_minimum: please update it"
