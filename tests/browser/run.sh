#!/usr/bin/env bash
# The story of the interface, in headless Chromium: five windows, one server, one new database, and an
# S3 server (s3s-fs) for the files, which browsers reach through a port of their own, and a sign-in provider.
# DATABASE_URL names a PostgreSQL superuser. AEGIS_BINARY plays a binary as it is, without building.
# AEGIS_INTERFACE names a built interface (such as web/dist) to be played in place of the binary's own; it comes
# from `vite preview`, so without the headers that the server sends with pages.
set -euo pipefail
cd "$(dirname "$0")/../.."

: "${DATABASE_URL:?names no PostgreSQL; set it to a superuser, such as postgres://postgres@127.0.0.1:54329/postgres}"
for candidate in ${AEGIS_CHROMIUM:-} chromium chromium-browser google-chrome; do
  AEGIS_CHROMIUM=$(command -v "$candidate") && break
done
if ! [ -x "${AEGIS_CHROMIUM:-}" ]; then
  echo "Chromium is missing. Install it (on Debian: apt-get install chromium), or name it in AEGIS_CHROMIUM." >&2
  exit 1
fi
export AEGIS_CHROMIUM
if ! command -v s3s-fs >/dev/null; then
  echo "s3s-fs is missing. Install it: cargo install --locked s3s-fs@0.14.1 --features binary" >&2
  exit 1
fi
for folder in browser oidc; do
  (cd "tests/$folder" && npm ci --no-audit --no-fund --loglevel=error --ignore-scripts)
done

target=${CARGO_TARGET_DIR:-target}
binary=${AEGIS_BINARY:-}
if [ -z "$binary" ]; then
  if ! [ -f web/dist/index.html ]; then
    echo "The interface is not built. Run: (cd web && npm ci && npm run build)" >&2
    exit 1
  fi
  binary=$target/debug/aegis
  if ! [ -x "$binary" ] ||
    [ -n "$(find Cargo.toml Cargo.lock src ./*/Cargo.toml ./*/src migrations web/dist -not -path './web/src*' -newer "$binary" -print -quit)" ]; then
    echo "Building $binary."
    cargo build --locked --quiet -p aegis
  fi
fi
binary=$(realpath "$binary")

scratch=$(mktemp -d)
database=aegis_story_$$_$RANDOM
options=${DATABASE_URL#"${DATABASE_URL%%\?*}"}
server=
story=
objects=
preview=
finish() {
  code=$?
  for child in $story $preview $server $objects; do
    kill -TERM "$child" 2>/dev/null || true
    wait "$child" 2>/dev/null || true
  done
  psql -q "$DATABASE_URL" -c "drop database if exists $database with (force)" || true
  end=$(tail -n 20 "$scratch/log" 2>/dev/null || true)
  rm -rf "$scratch"
  if [ $code != 0 ] && [ -n "$end" ]; then
    printf 'The end of the server'\''s log:\n%s\n' "$end" >&2
  fi
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

psql -q "$DATABASE_URL" -c "create database $database"
# Free ports: of the S3 server, of the way on which browsers come to it, of the sign-in provider, of Aegis, of a
# preview of the interface, and of an address that webhooks are sent to. The provider and Aegis have to know each other's before they run.
read -r object_port browser_port provider_port aegis_port preview_port sink_port < <(node -e '
  const net = require("node:net");
  const servers = [0, 0, 0, 0, 0, 0].map(() => net.createServer().listen(0, "127.0.0.1"));
  setTimeout(() => {
    console.log(servers.map((server) => server.address().port).join(" "));
    for (const server of servers) server.close();
  }, 50);')
mkdir -p "$scratch/objects/evidence"
s3s-fs --host 127.0.0.1 --port "$object_port" --access-key story --secret-key secret-of-the-story "$scratch/objects" \
  >"$scratch/s3" 2>&1 &
objects=$!
# The server and `aegis verify` find these; the scratch folder keeps a developer's .env out.
address=${DATABASE_URL%%\?*}
story_url=${address%/*}/$database$options
export AEGIS_DATA_DIR="$scratch/data"
ADMIN_PASSWORD=aA1-$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
export ADMIN_PASSWORD
public=http://127.0.0.1:$aegis_port
[ -z "${AEGIS_INTERFACE:-}" ] || public=http://127.0.0.1:$preview_port
# There from the start, since it is looked into before the server has begun to write.
: >"$scratch/out"
(cd "$scratch" && DATABASE_URL=$story_url RUST_BACKTRACE=0 AEGIS_BIND=127.0.0.1:$aegis_port AEGIS_ENV='' ADMIN_USERNAME=admin \
  MINIO_ENDPOINT=127.0.0.1:$object_port MINIO_PUBLIC_ENDPOINT=http://127.0.0.1:$browser_port MINIO_BUCKET=evidence \
  MINIO_ACCESS_KEY=story MINIO_SECRET_KEY=secret-of-the-story \
  AEGIS_TRUSTED_PROXIES=127.0.0.1 AEGIS_PUBLIC_URL=$public AEGIS_OUTBOUND_ALLOW=localhost:$provider_port,127.0.0.1:$sink_port \
  OIDC_ISSUER=http://localhost:$provider_port OIDC_CLIENT_ID=aegis OIDC_CLIENT_SECRET=a-secret-of-the-provider \
  OIDC_NAME='Example ID' \
  exec "$binary" serve) >"$scratch/out" 2>"$scratch/log" &
server=$!

ready=
for _ in $(seq 1200); do
  ready=$(sed -n 's/^Aegis is ready: //p' "$scratch/out")
  [ -z "$ready" ] && kill -0 "$server" 2>/dev/null || break
  sleep 0.1
done
if [ -z "$ready" ]; then
  echo "Aegis did not become ready." >&2
  cat "$scratch/out" >&2
  exit 1
fi

if [ -n "${AEGIS_INTERFACE:-}" ]; then
  interface=$(realpath "$AEGIS_INTERFACE")
  behind=${ready#*://}
  (cd web && AEGIS_BIND=${behind%%/*} exec node_modules/.bin/vite preview --host 127.0.0.1 --port "$preview_port" \
    --outDir "$interface") >"$scratch/preview" 2>&1 &
  preview=$!
  ready=$public
  for _ in $(seq 100); do
    curl -fso /dev/null "$ready" && break
    sleep 0.1
  done
fi

STORY_ADDRESS=$ready STORY_BINARY=$binary STORY_SCRATCH=$scratch STORY_PICTURES=$target/screenshots \
  STORY_STORE="$browser_port $object_port" STORY_PROVIDER=$provider_port STORY_SINK=$sink_port \
  DATABASE_URL=$story_url node tests/browser/story.mjs &
story=$!
wait "$story"
