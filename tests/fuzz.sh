#!/usr/bin/env bash
# Feeds every reader of the crate sources random bytes, and valid files with random faults, for some seconds each:
# `tests/fuzz.sh 60`. What fails prints BOLERO_RANDOM_SEED; set to that, the same test fails again.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-10}
[[ $seconds =~ ^[1-9][0-9]{0,4}$ ]] || { echo "usage: tests/fuzz.sh [SECONDS]" >&2; exit 2; }

# Only the random tests take the time; a few run a fixed number of times unless told otherwise.
export BOLERO_RANDOM_TEST_TIME_MS=$((seconds * 1000)) BOLERO_RANDOM_ITERATIONS=1000000000
${CARGO:-cargo} test -q -p aegis-sources --lib
