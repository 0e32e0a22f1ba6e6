# Everything installs what it misses by itself, once; `make help` lists what there is.

SHELL := bash
PORT ?= 8080
COUNT ?= 600
SEED ?= 1

.DEFAULT_GOAL := help
.PHONY: help serve test test-native test-browser format build dist usb bench golden pictures calibrate coverage experiments fuzz growth clean

help: ## This list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

serve: build ## Build the lab and serve it on localhost (PORT=8080)
	@node scripts/serve.mjs dist --port $(PORT)

test: ## Every suite, in a real browser too
	@scripts/setup.sh build lint torch browser hosts
	@scripts/test.sh native browser

test-native: ## Form and tests of the Rust code, no browser
	@scripts/setup.sh build lint torch
	@scripts/test.sh native

test-browser: ## The site in a real browser
	@scripts/setup.sh build lint torch browser hosts
	@scripts/test.sh browser

format: ## Lays out the code as the tests want it: view! by leptosfmt, all else by rustfmt
	@scripts/setup.sh build lint
	@. scripts/env.sh && leptosfmt --quiet src/shell src/desk && lint cargo fmt

build: ## The site into dist/, as the tests use it
	@scripts/setup.sh build
	@scripts/build.sh

dist: ## The site into dist/, small, for any web host (BASE=https://…: its address there, for embed.js)
	@scripts/setup.sh build dist
	@scripts/dist.sh $(BASE)

usb: dist ## The site as a zip for a USB stick, with a server that needs only Python (init-lab-usb.zip)
	@scripts/setup.sh usb
	@scripts/usb.sh dist init-lab-usb.zip

bench: dist ## Time and dispatches beside TensorFlow.js and jax-js, and sizes
	@scripts/setup.sh browser bench
	@node tests/bench/bench.mjs

pictures: build ## Pictures of the site in fourteen states, to be looked at (tests/e2e/results/pictures), and recorded
	@scripts/setup.sh browser
	@INIT_LAB_PICTURES=record node_modules/.bin/playwright test --config tests/e2e/playwright.config.mjs --project=cpu pictures

coverage: ## How many networks lie in theory's bands (some minutes; writes docs/coverage.md)
	@scripts/setup.sh build
	@scripts/coverage.sh

fuzz: build ## Links, messages and files as nobody means them, by a seed (SEED=1; hours)
	@scripts/setup.sh browser
	@INIT_LAB_FUZZ=1 INIT_LAB_FUZZ_SEED=$(SEED) node_modules/.bin/playwright test --config tests/e2e/playwright.config.mjs --project=cpu fuzz

growth: build ## How a step's time and memory grow with a network, in a browser (some minutes; writes docs/growth.md)
	@scripts/setup.sh browser
	@node tests/bench/growth.mjs dist docs/growth.md

golden: ## Make the golden numbers again (needs Python and PyTorch)
	@bash tests/golden/generate.sh

calibrate: ## Train networks over all knobs: what the verdict is worth (COUNT=600, a quarter of an hour)
	@scripts/setup.sh build
	@. scripts/env.sh && CARGO_PROFILE_DEV_OPT_LEVEL=3 cargo run --locked --features engine --example calibrate -- \
		"$$CARGO_TARGET_DIR/calibration" $(COUNT) docs/calibration.md

experiments: ## Run the site's experiments natively and record what they come to (IDS="e1 e2": these; else what changed)
	@scripts/setup.sh build
	@. scripts/env.sh && CARGO_PROFILE_DEV_OPT_LEVEL=3 cargo run --locked --features engine --example experiments -- \
		static/studies static/recorded $(IDS)

clean: ## Remove what was built into the clone (the cache outside it stays)
	@rm -rf dist init-lab-usb.zip node_modules tests/bench/peers/node_modules tests/e2e/results
