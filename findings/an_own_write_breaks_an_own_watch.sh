#!/usr/bin/env bash
# A client that writes a key that it watches itself, before MULTI, conflicts with itself.
#
# One would guess: WATCH is for changes by others, so that what the watching connection writes does not count.
# What happens: EXEC is null after an own write between WATCH and MULTI, after the own BLPOP that takes from the
#   watched list, and after the own GET that finds the key expired. Only writes queued in the transaction do not
#   count.
# Seen on: Redis 6.2.14 and 8.2.3, Valkey 8.1.8 and 9.1.2.
. "$(dirname "$0")/lib.sh"

for server in redis-6.2.14 redis-8.2.3 valkey-8.1.8 valkey-9.1.2; do
    start $server
    python3 - $server "$port" <<'EOF'
import sys, time
from resp import Connection, done, expect

server, port = sys.argv[1:]
client = Connection(port)
def exec_reply(before, *between, pause=0):
    client(*before)
    client("WATCH", "k")
    time.sleep(pause)
    for command in between:
        client(*command)
    reply = client.transaction(("SET", "k", "in"), ("GET", "k"))[-1]
    client("DEL", "k")
    return reply
expect(f"{server}: EXEC after an own SET", exec_reply(("SET", "k", "1"), ("SET", "k", "2")), "null")
expect(f"{server}: EXEC after an own BLPOP", exec_reply(("RPUSH", "k", "x", "y"), ("BLPOP", "k", "1")), "null")
expect(f"{server}: EXEC after an own GET of the expired key", exec_reply(("SET", "k", "1", "PX", "500"), ("GET", "k"), pause=0.7), "null")
expect(f"{server}: EXEC after an own GET", exec_reply(("SET", "k", "1"), ("GET", "k")), '[+OK, "in"]')
done()
EOF
done
