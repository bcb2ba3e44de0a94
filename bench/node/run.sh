#!/bin/sh
# Runs the benchmark with the Node.js of this machine, or with the one packed beside this file.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
node=node
if ! command -v node >/dev/null && [ -f "$here/node.gz" ]; then
  node=$here/node
  [ -x "$node" ] || { gzip -dc "$here/node.gz" >"$node" && chmod +x "$node"; }
fi
exec "$node" "$here/run.mjs" "$@"
