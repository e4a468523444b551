#!/usr/bin/env bash
# CMS.INCRBY changes a watched sketch without a conflict, and a tracking client is not told.
#
# One would guess: every command flagged `write` that changes a watched key makes EXEC null.
# What happens: EXEC commits after another client's CMS.INCRBY, and CMS.QUERY, if tracked, gets no invalidation.
#   CMS.MERGE and the other sketches of the same module, such as BF.ADD, TOPK.ADD and TDIGEST.ADD, conflict; BF.ADD
#   even of an item that is there already.
# Seen on: RedisBloom 2.8.2 in Redis 8.2.3 and Valkey 9.1.2.
. "$(dirname "$0")/lib.sh"

module redisbloom
for server in redis-8.2.3 valkey-9.1.2; do
    start $server --loadmodule "$module"
    python3 - $server "$port" <<'EOF'
import sys
from resp import Connection, done, expect

server, port = sys.argv[1:]
watcher, other, tracker = (Connection(port) for _ in range(3))
other("CMS.INITBYDIM", "cms", "10", "3")
other("CMS.INITBYDIM", "cms2", "10", "3")
other("BF.ADD", "bf", "x")
other("TOPK.RESERVE", "topk", "3")
other("TDIGEST.CREATE", "tdigest")
tracker("CLIENT", "TRACKING", "ON")
tracker("CMS.QUERY", "cms", "x")
for key, command, exec_reply in [
    ("cms", ("CMS.INCRBY", "cms", "x", "5"), "[+OK]"),
    ("cms2", ("CMS.MERGE", "cms2", "1", "cms"), "null"),
    ("bf", ("BF.ADD", "bf", "x"), "null"),
    ("topk", ("TOPK.ADD", "topk", "x"), "null"),
    ("tdigest", ("TDIGEST.ADD", "tdigest", "1"), "null"),
]:
    watcher("WATCH", key)
    other(*command)
    expect(f"{server}: EXEC after another client's {command[0]}", watcher.transaction(("SET", "k", "1"))[-1], exec_reply)
expect(f"{server}: CMS.QUERY", other("CMS.QUERY", "cms", "x"), "[:5]")
expect(f"{server}: no invalidation for CMS.QUERY", tracker.silent(), True)
done()
EOF
done
