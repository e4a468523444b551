#!/usr/bin/env bash
# A hash field that expires does not conflict with a WATCH of the hash, though a key that expires does.
#
# One would guess: EXEC is null when the watched hash has lost a field by its deadline, as it is when a watched key
#   has expired.
# What happens: until the server removes the field, EXEC commits, although HGETALL no longer returns the field; HLEN
#   still counts it. Nor is a client told that tracks HGETALL. The servers here do not sweep, so that the time in
#   between lasts; with the sweep it lasts up to some 100 ms, and longer under load.
# Seen on: Redis 8.2.3, Valkey 9.1.2.
. "$(dirname "$0")/lib.sh"

for server in redis-8.2.3 valkey-9.1.2; do
    start $server --enable-debug-command yes
    python3 - $server "$port" <<'EOF'
import sys, time
from resp import Connection, done, expect

server, port = sys.argv[1:]
watcher, other, tracker = Connection(port), Connection(port), Connection(port)
other("DEBUG", "SET-ACTIVE-EXPIRE", "0")
tracker("CLIENT", "TRACKING", "ON")
other("HSET", "h", "stays", "1", "goes", "2")
other("SET", "key", "1", "PX", "500")
other("HPEXPIRE", "h", "500", "FIELDS", "1", "goes")
tracker("HGETALL", "h")
watcher("WATCH", "h")
time.sleep(0.7)
expect(f"{server}: HGETALL after the deadline", watcher("HGETALL", "h"), '{"stays": "1"}')
expect(f"{server}: HLEN after the deadline", watcher("HLEN", "h"), ":2")
expect(f"{server}: EXEC after WATCH of the hash", watcher.transaction(("SET", "k", "1"))[-1], "[+OK]")
expect(f"{server}: no invalidation arrives", tracker.silent(), True)
other("SET", "key", "1", "PX", "500")
watcher("WATCH", "key")
time.sleep(0.7)
expect(f"{server}: EXEC after WATCH of a key that expired", watcher.transaction(("SET", "k", "1"))[-1], "null")
done()
EOF
done
