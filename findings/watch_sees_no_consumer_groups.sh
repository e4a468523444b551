#!/usr/bin/env bash
# No command on a stream's consumer groups conflicts with a WATCH of the stream.
#
# One would guess: a WATCH of a stream guards what XPENDING reads, so a job that another worker takes or acknowledges
#   meanwhile makes EXEC null; and a client that tracks XPENDING is told.
# What happens: XGROUP CREATE, XREADGROUP, XCLAIM and XACK change the stream, as XINFO shows, and EXEC commits. No
#   invalidation is sent either to a client that tracks XPENDING. XADD conflicts and invalidates as usual.
# Seen on: Redis 6.2.14 and 8.2.3, Valkey 8.1.8 and 9.1.2.
. "$(dirname "$0")/lib.sh"

for server in redis-6.2.14 redis-8.2.3 valkey-8.1.8 valkey-9.1.2; do
    start $server
    python3 - $server "$port" <<'EOF'
import sys
from resp import Connection, done, expect

server, port = sys.argv[1:]
watcher, worker, tracker, raw = (Connection(port) for _ in range(4))
worker("XADD", "jobs", "1-0", "f", "v")
worker("XGROUP", "CREATE", "jobs", "before", "0")
tracker("CLIENT", "TRACKING", "ON")
for change, exec_reply in [
    (("XGROUP", "CREATE", "jobs", "workers", "0"), "[+OK]"),
    (("XREADGROUP", "GROUP", "workers", "ada", "STREAMS", "jobs", ">"), "[+OK]"),
    (("XCLAIM", "jobs", "workers", "grace", "0", "1-0"), "[+OK]"),
    (("XACK", "jobs", "workers", "1-0"), "[+OK]"),
    (("XADD", "jobs", "2-0", "f", "v"), "null"),
]:
    watcher("WATCH", "jobs")
    tracker("XPENDING", "jobs", "before")
    groups = worker("XINFO", "STREAM", "jobs", "FULL")
    worker(*change)
    expect(f"{server}: {change[0]} changed the stream", worker("XINFO", "STREAM", "jobs", "FULL") != groups, True)
    expect(f"{server}: EXEC of the client that watches", watcher.transaction(("SET", "k", "1"))[-1], exec_reply)
    if exec_reply == "null":
        expect(f"{server}: the invalidation", tracker.read(), '>["invalidate", ["jobs"]]')
    else:
        expect(f"{server}: no invalidation arrives", tracker.silent(), True)
done()
EOF
done
