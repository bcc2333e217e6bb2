#!/usr/bin/env bash
# Checks every SQL query against the migrated schema of a throw-away database.
#   tests/sqlx.sh check    fails when .sqlx is not what the queries say
#   tests/sqlx.sh write    writes .sqlx anew
# Needs DATABASE_URL to name a server where a database can be created.
set -euo pipefail
cd "$(dirname "$0")/.."
action=${1:?check or write}
: "${DATABASE_URL:?names a PostgreSQL server}"
name=aegis_sqlx_$$
server=${DATABASE_URL%/*}
fresh=$(mktemp -d)
drop() { psql -q "$DATABASE_URL" -c "drop database if exists $name" >/dev/null 2>&1 || true; rm -rf "$fresh"; }
trap drop EXIT
psql -q "$DATABASE_URL" -c "create database $name"
for migration in migrations/2*.sql; do psql -q -v ON_ERROR_STOP=1 "$server/$name" -f "$migration" >/dev/null; done
touch projections/src/lib.rs
SQLX_OFFLINE=false DATABASE_URL="$server/$name" SQLX_OFFLINE_DIR="$fresh" cargo check --quiet -p aegis-projections
case $action in
write)
  rm -rf .sqlx && mkdir .sqlx && cp "$fresh"/*.json .sqlx/ ;;
check)
  if ! diff -r .sqlx "$fresh" >/dev/null; then
    echo ".sqlx is stale: run \`make sqlx\`" >&2
    diff -rq .sqlx "$fresh" >&2 || true
    exit 1
  fi ;;
esac
