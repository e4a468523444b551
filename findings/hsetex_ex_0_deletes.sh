#!/usr/bin/env bash
# HSETEX with a lifetime of 0 deletes the fields and replies 1, "set".
#
# One would guess: EX 0 is an invalid expire time, as in SET; and the reply 1 says that the fields are there.
# What happens: the fields are removed, with the key if they were its last, and the reply is 1. HGETEX EX 0 returns
#   the value and removes it.
# Seen on: Redis 8.2.3, Valkey 9.1.2.
. "$(dirname "$0")/lib.sh"

for server in redis-8.2.3 valkey-9.1.2; do
    start $server
    python3 - $server "$port" <<'EOF'
import sys
from resp import Connection, done, expect

server, port = sys.argv[1:]
client = Connection(port)
client("HSET", "h", "f", "old", "g", "old")
expect(f"{server}: SET k v EX 0", client("SET", "k", "v", "EX", "0"), "-ERR invalid expire time in 'set' command")
expect(f"{server}: HSETEX h EX 0 FIELDS 1 f new", client("HSETEX", "h", "EX", "0", "FIELDS", "1", "f", "new"), ":1")
expect(f"{server}: HGETALL h", client("HGETALL", "h"), '{"g": "old"}')
expect(f"{server}: HGETEX h EX 0 FIELDS 1 g", client("HGETEX", "h", "EX", "0", "FIELDS", "1", "g"), '["old"]')
expect(f"{server}: EXISTS h", client("EXISTS", "h"), ":0")
done()
EOF
done
