#!/usr/bin/env bash
# SWAPDB changes every value that a tracking client has cached, and it is told of none.
#
# One would guess: SWAPDB invalidates the keys that it replaces, or all, as FLUSHDB does; and an invalidation concerns
#   the database of the tracking connection.
# What happens: no push at all, though the same SWAPDB conflicts with a WATCH of the key. A write to the key of the
#   same name in another database does invalidate it, and FLUSHDB of another database invalidates all.
# Seen on: Redis 6.2.14 and 8.2.3, Valkey 8.1.8 and 9.1.2.
. "$(dirname "$0")/lib.sh"

for server in redis-6.2.14 redis-8.2.3 valkey-8.1.8 valkey-9.1.2; do
    start $server
    python3 - $server "$port" <<'EOF'
import sys
from resp import Connection, done, expect

server, port = sys.argv[1:]
tracker, watcher, other, other_db = (Connection(port) for _ in range(4))
other_db("SELECT", "1")
other("SET", "k", "zero")
other_db("SET", "k", "one")
tracker("CLIENT", "TRACKING", "ON")
watcher("WATCH", "k")
expect(f"{server}: the tracking client's GET k", tracker("GET", "k"), '"zero"')
other("SWAPDB", "0", "1")
expect(f"{server}: no push after SWAPDB", tracker.silent(), True)
expect(f"{server}: GET k", tracker("GET", "k"), '"one"')
expect(f"{server}: EXEC of a client that watches k", watcher.transaction(("PING",))[-1], "null")
other_db("SET", "k", "two")
expect(f"{server}: after SET k in the other database", tracker.read(), '>["invalidate", ["k"]]')
other_db("FLUSHDB")
expect(f"{server}: after FLUSHDB of the other database", tracker.read(), '>["invalidate", null]')
done()
EOF
done
