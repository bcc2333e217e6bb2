# What a person runs here; CI runs the same (`make test`).
.DEFAULT_GOAL := help
SHELL := /bin/bash

CARGO ?= cargo
NPM ?= npm
# Where the UI sources decide whether it has to be built again.
WEB_SOURCES := $(shell find web/src web/public -type f 2>/dev/null) web/index.html web/package.json web/package-lock.json web/tsconfig.json web/vite.config.ts schema.graphql

# Where cargo builds, wherever that is set to be.
TARGET := $(or $(CARGO_TARGET_DIR),target)

.PHONY: help run dev build test test-long bench docs figures fuzz schema sqlx clean node rust

help: ## Lists what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-10s %s\n", $$1, $$2 }'

run: build ## Builds everything and serves it at AEGIS_BIND (127.0.0.1:8000)
	@exec $(TARGET)/release/aegis serve

# What a build needs and how to get it, said before anything fails half-way.
node:
	@command -v $(NPM) >/dev/null || { echo "npm is missing: install Node.js 20.19 or newer (nodejs.org, or your distribution's nodejs and npm)"; exit 1; }
	@node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' \
	  || { echo "Node.js $$(node --version) is too old: install 20.19 or newer (nodejs.org)"; exit 1; }

rust:
	@command -v $(CARGO) >/dev/null || { echo "cargo is missing: install Rust 1.94 or newer (rustup.rs)"; exit 1; }
	@command -v cc >/dev/null || { echo "A C compiler is missing (on Debian: apt-get install build-essential)"; exit 1; }

build: rust web/dist/index.html ## Builds the interface and the binary
	@echo "Building the server (the first time takes some minutes)."
	@env -u DATABASE_URL $(CARGO) build --release --locked -p aegis

web/node_modules/.package-lock.json: web/package-lock.json | node
	@echo "Installing what the interface is built with."
	@cd web && $(NPM) ci --no-audit --no-fund --loglevel=error

web/dist/index.html: web/node_modules/.package-lock.json $(WEB_SOURCES)
	@echo "Building the interface."
	@cd web && $(NPM) run --silent build

dev: web/node_modules/.package-lock.json ## Serves the API, and the interface with hot reload at 127.0.0.1:5173
	@trap 'kill 0' EXIT; $(CARGO) run -p aegis -- serve & cd web && $(NPM) run dev

test: ## Everything CI checks, on a private PostgreSQL
	@tests/run.sh

test-long: ## The long campaigns: kills, held transactions, many writers
	@tests/run.sh long

bench: ## Timing against floors and peers in the same run
	@bench/run.sh

docs: ## Writes docs/PERMISSIONS.md and the printed part of docs/WORKFLOW.md anew
	@AEGIS_WRITE_DOCS=1 $(CARGO) test -q -p aegis-api --lib permissions >/dev/null
	@AEGIS_WRITE_DOCS=1 $(CARGO) test -q -p aegis-api --lib workflow >/dev/null

figures: ## Reads the real files in ../shared/data and writes the table of docs/DATA_SOURCES.md anew
	@if [ -d ../shared/data ]; then $(CARGO) run -q --release -p aegis-sources --example figures -- ../shared/data --write docs/DATA_SOURCES.md; \
	else echo "There are no real files in ../shared/data: nothing was changed."; fi

fuzz: ## Feeds each reader random bytes, FUZZ_SECONDS (10) for each test
	@tests/fuzz.sh $(FUZZ_SECONDS)

schema: ## Writes schema.graphql and the interface's types anew
	@AEGIS_WRITE_SCHEMA=1 $(CARGO) test -q -p aegis-api --lib schema >/dev/null && cd web && $(NPM) run --silent codegen

sqlx: ## Writes .sqlx anew (starts a throw-away PostgreSQL)
	@dir=$$(mktemp -d) && chmod 755 $$dir && trap 'tests/cluster.sh stop '$$dir'; rm -rf '$$dir EXIT && DATABASE_URL=$$(tests/cluster.sh start $$dir) tests/sqlx.sh write

clean: ## Removes what was built
	@$(CARGO) clean && rm -rf web/dist web/node_modules
