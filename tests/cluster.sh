#!/usr/bin/env bash
# A PostgreSQL cluster for tests and tools: throw-away, loopback only, without
# fsync unless AEGIS_TEST_FSYNC=on.
#   tests/cluster.sh start DIR   starts one in DIR (made when missing) and prints its address
#   tests/cluster.sh stop DIR    stops it
# As root it runs as the user postgres (else nobody), since PostgreSQL refuses root.
set -euo pipefail

action=${1:?start or stop}
dir=${2:?a folder}

bin=
for candidate in ${AEGIS_POSTGRES_BIN:-} $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -rV) $(dirname "$(command -v initdb 2>/dev/null || echo /nowhere/initdb)"); do
  if [ -x "$candidate/initdb" ] && [ -x "$candidate/pg_ctl" ] && [ -x "$candidate/postgres" ]; then bin=$candidate; break; fi
done
if [ -z "$bin" ]; then
  echo "No PostgreSQL server programs were found. Install them (on Debian: apt-get install postgresql), or name their folder in AEGIS_POSTGRES_BIN." >&2
  exit 1
fi

unprivileged() {
  if [ "$(id -u)" = 0 ]; then
    user=postgres; id postgres >/dev/null 2>&1 || user=nobody
    (cd / && runuser -u "$user" -- "$@")
  else
    "$@"
  fi
}

durability="-c fsync=off -c full_page_writes=off"
[ "${AEGIS_TEST_FSYNC:-off}" = on ] && durability=

case $action in
start)
  mkdir -p "$dir"
  dir=$(cd "$dir" && pwd)
  if [ "$(id -u)" = 0 ]; then
    user=postgres; id postgres >/dev/null 2>&1 || user=nobody
    chown "$user" "$dir"
  fi
  [ -f "$dir/pg/PG_VERSION" ] || unprivileged "$bin/initdb" -D "$dir/pg" -U postgres --locale=C -E UTF8 -A trust >/dev/null
  for _ in 1 2 3 4 5; do
    port=$(( 20000 + RANDOM % 20000 ))
    if unprivileged "$bin/pg_ctl" -D "$dir/pg" -l "$dir/log" -w -t 60 \
        -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$dir $durability -c max_connections=400 -c shared_buffers=256MB" \
        start >/dev/null 2>&1; then
      echo "postgres://postgres@127.0.0.1:$port/postgres"
      exit 0
    fi
  done
  echo "PostgreSQL did not start; see $dir/log" >&2
  exit 1
  ;;
stop)
  dir=$(cd "$dir" && pwd)
  unprivileged "$bin/pg_ctl" -D "$dir/pg" -m immediate -w stop >/dev/null
  ;;
*)
  echo "start or stop" >&2; exit 2 ;;
esac
