#!/usr/bin/env bash
# The whole test run; `long` runs the long campaigns instead of their short forms.
# Installs what it needs where it may, else says how.
set -euo pipefail
cd "$(dirname "$0")/.."
mode=${1:-short}
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-never}
# Property tests take the same histories every time; another seed is one variable away.
export PROPTEST_RNG_SEED=${PROPTEST_RNG_SEED:-20261123}

step() { printf '\n== %s (%s s)\n' "$*" "$SECONDS"; }

need_package() { # Debian package, a command that has to be there afterwards, others that will do
  local package=$1 command
  shift
  for command in "$@"; do command -v "$command" >/dev/null 2>&1 && return; done
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing $package."
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package"; } >/dev/null
    command -v "$1" >/dev/null 2>&1 && return
  fi
  echo "$1 is missing. Install it (on Debian: apt-get install $package)." >&2
  exit 1
}

need_cargo() { # command, crate, version, more options
  $1 --version >/dev/null 2>&1 && return
  echo "Installing $2 $3."
  # A tool that runs for seconds is not worth minutes of optimising.
  CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
    cargo install --locked --quiet "$2@$3" "${@:4}"
}

step "Tools"
need_package npm npm
make --silent node
need_package postgresql psql
if [ "$mode" = short ]; then need_package chromium chromium chromium-browser google-chrome; fi
need_package redis-server redis-server
need_cargo "cargo nextest" cargo-nextest 0.9.143
need_cargo s3s-fs s3s-fs 0.14.1 --features binary
if [ "$mode" = short ]; then need_cargo "cargo deny" cargo-deny 0.19.0; fi

scratch=$(mktemp -d)
chmod 755 "$scratch"
stop() { tests/cluster.sh stop "$scratch/cluster" >/dev/null 2>&1 || true; rm -rf "$scratch"; }
trap stop EXIT
step "A private PostgreSQL"
DATABASE_URL=$(tests/cluster.sh start "$scratch/cluster")
export DATABASE_URL
echo "$DATABASE_URL"

if [ "$mode" = long ]; then
  step "Long campaigns"
  AEGIS_LONG=1 cargo nextest run --workspace --profile long
  step "Runs of campaigns by workers that are killed, with the queue in a Redis that is flushed and killed"
  AEGIS_LONG=1 AEGIS_TEST_QUEUE=redis cargo nextest run --workspace --profile long \
    -E 'package(aegis-workers) and binary(it) and test(/campaign_runs|recovery/)'
  exit 0
fi

step "Interface: install, types, lint, tests, build"
cp -r web/src/gql "$scratch/gql"
(cd web && npm ci --no-audit --no-fund --loglevel=error && npm run --silent codegen)
diff -r "$scratch/gql" web/src/gql || { echo "web/src/gql was stale: \`make schema\` writes it anew" >&2; exit 1; }
(cd web && npm run --silent typecheck && npm run --silent lint && npm run --silent test && npm run --silent build)

step "Format"
cargo fmt --all --check

step "Lints"
cargo clippy --workspace --all-targets --locked --quiet -- -D warnings

step "Queries"
tests/sqlx.sh check

step "Tests"
cargo nextest run --workspace --locked

step "Jobs again, with the queue in Redis"
AEGIS_TEST_QUEUE=redis cargo nextest run --workspace --locked \
  -E 'package(aegis-workers) and binary(it) and not test(/checkpoints|real_data/)'

step "Sessions and the workflow again, beside a Redis"
AEGIS_TEST_REDIS=1 cargo nextest run --workspace --locked \
  -E 'package(aegis) and binary(it) and test(/^(sessions|sockets|workflow|story)::/)'

step "Dependencies"
cargo deny --log-level error check bans licenses sources

step "The browser story"
tests/browser/run.sh

[ -d ../shared/data ] || echo "note: ../shared/data is absent, so the tests on real data were skipped"
step "Everything passed"
