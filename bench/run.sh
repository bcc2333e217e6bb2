#!/usr/bin/env bash
# Measures Aegis on a private PostgreSQL with fsync on and prints one table.
#   bench/run.sh [append] [lag] [rebuild] [import] [heatmap] [listing] [evidence] [hostile]     everything when none is named
# Settings: bench/README.md. Never fails for a figure.
set -euo pipefail
cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-target}

echo "Building." >&2
# With an address in the environment, the query macros of a dependency would ask that database.
env -u DATABASE_URL cargo build --release --locked --quiet --workspace --bin aegis-bench --bin aegis

# The peer of the import; without it that figure is not measured.
venv=$target/bench/venv
peer=mitreattack-python==6.3.1
if [ -z "${AEGIS_BENCH_PYTHON:-}" ]; then
  if [ ! -e "$venv/$peer" ]; then
    echo "Installing $peer." >&2
    rm -rf "$venv"
    { python3 -m venv "$venv" && "$venv/bin/pip" install --quiet --disable-pip-version-check "$peer" && touch "$venv/$peer"; } >&2 \
      || echo "$peer could not be installed" >&2
  fi
  if [ -e "$venv/$peer" ]; then export AEGIS_BENCH_PYTHON=$venv/bin/python; fi
fi

# The S3 server of the evidence; without it those figures are not measured. As `tests/run.sh` installs it.
if ! s3s-fs --version >/dev/null 2>&1; then
  echo "Installing s3s-fs." >&2
  CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
    cargo install --locked --quiet s3s-fs@0.14.1 --features binary >&2 || echo "s3s-fs could not be installed" >&2
fi

# On a disk: /tmp may be memory, where fsync costs nothing.
scratch=$(mktemp -d "${AEGIS_BENCH_DIR:-/var/tmp}/aegis-bench.XXXXXX")
chmod 755 "$scratch"
stop() { tests/cluster.sh stop "$scratch/cluster" >/dev/null 2>&1 || true; rm -rf "$scratch"; }
trap stop EXIT
# Slow connections are many open files, on both sides.
ulimit -n "$(ulimit -Hn)" || true
DATABASE_URL=$(AEGIS_TEST_FSYNC=on tests/cluster.sh start "$scratch/cluster")
export DATABASE_URL
"$target/release/aegis-bench" "$@"
