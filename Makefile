# What a person runs here; CI runs the same (`make test`).
.DEFAULT_GOAL := help
SHELL := /bin/bash

CARGO ?= cargo
NPM ?= npm
# Where the UI sources decide whether it has to be built again.
WEB_SOURCES := $(shell find web/src web/public -type f 2>/dev/null) web/index.html web/package-lock.json web/vite.config.ts schema.graphql

.PHONY: help run dev build test test-long bench schema sqlx clean

help: ## Lists what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-10s %s\n", $$1, $$2 }'

run: build ## Builds everything and serves it at AEGIS_BIND (127.0.0.1:8000)
	@exec target/release/aegis serve

build: web/dist/index.html ## Builds the interface and the binary
	@echo "Building the server (the first time takes some minutes)."
	@$(CARGO) build --release --locked -p aegis

web/node_modules/.package-lock.json: web/package-lock.json
	@command -v $(NPM) >/dev/null || { echo "npm is missing: install Node.js 20 or newer"; exit 1; }
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

schema: ## Writes schema.graphql and the interface's types anew
	@AEGIS_WRITE_SCHEMA=1 $(CARGO) test -q -p aegis-api --lib schema >/dev/null && cd web && $(NPM) run --silent codegen

sqlx: ## Writes .sqlx anew (starts a throw-away PostgreSQL)
	@dir=$$(mktemp -d) && chmod 755 $$dir && trap 'tests/cluster.sh stop '$$dir'; rm -rf '$$dir EXIT && DATABASE_URL=$$(tests/cluster.sh start $$dir) tests/sqlx.sh write

clean: ## Removes what was built
	@$(CARGO) clean && rm -rf web/dist web/node_modules
