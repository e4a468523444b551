#!/usr/bin/env bash
# Redis 6.2 refuses every command of a transaction, reads and DEL too, when memory is full.
#
# One would guess: at maxmemory only commands that may use more memory are OOM, also within MULTI.
# What happens: on 6.2 GET and DEL are OOM when they are queued, though both are answered outside of MULTI, so that a
#   transaction cannot even free memory. On Redis 8.2 and Valkey they are queued, and run.
# Seen on: Redis 6.2.14 (refused); Redis 8.2.3, Valkey 8.1.8 and 9.1.2 (queued).
. "$(dirname "$0")/lib.sh"

for server in redis-6.2.14 redis-8.2.3 valkey-8.1.8 valkey-9.1.2; do
    start $server
    python3 - $server "$port" <<'EOF'
import sys
from resp import Connection, done, expect

server, port = sys.argv[1:]
client = Connection(port)
client("SET", "k", "1")
client("CONFIG", "SET", "maxmemory", "1")
for command in [("GET", "k"), ("DEL", "missing")]:
    expect(f"{server}: {command[0]} alone is refused", client(*command).startswith("-"), False)
    queued = client.transaction(command)[1]
    old = "-OOM command not allowed when used memory > 'maxmemory'."
    expect(f"{server}: {command[0]} within MULTI", queued, old if server == "redis-6.2.14" else "+QUEUED")
done()
EOF
done
