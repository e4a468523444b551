#!/usr/bin/env bash
# BF.EXISTS, CF.EXISTS and CF.COUNT of a key that holds a string say no, and not WRONGTYPE.
#
# One would guess: WRONGTYPE, as BF.ADD, CF.ADD, CMS.QUERY and TOPK.QUERY reply for such a key.
# What happens: false and 0, as for a key that is missing. A reader at the wrong key takes every item for unseen.
# Seen on: RedisBloom 2.8.2 in Redis 8.2.3, Valkey 8.1.8 and 9.1.2.
. "$(dirname "$0")/lib.sh"

module redisbloom
for server in redis-8.2.3 valkey-8.1.8 valkey-9.1.2; do
    start $server --loadmodule "$module"
    python3 - $server "$port" <<'EOF'
import sys
from resp import Connection, done, expect

server, port = sys.argv[1:]
client = Connection(port)
client("SET", "k", "v")
for command, reply in [("BF.EXISTS", "#f"), ("CF.EXISTS", "#f"), ("CF.COUNT", ":0")]:
    expect(f"{server}: {command}", client(command, "k", "item"), reply)
for command in ["BF.ADD", "CF.ADD", "CMS.QUERY", "TOPK.QUERY"]:
    expect(f"{server}: {command}", client(command, "k", "item"),
           "-WRONGTYPE Operation against a key holding the wrong kind of value")
done()
EOF
done
