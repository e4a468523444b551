#!/usr/bin/env bash
# PFCOUNT, a read by its flags, makes another client's transaction conflict.
#
# One would guess: COMMAND INFO says `readonly` of PFCOUNT, so a client that only counts does not disturb a WATCH.
# What happens: the first PFCOUNT after a PFADD stores the count that it computed into the key, which counts as a
#   write: another client's EXEC is null. The next PFCOUNT finds the stored count, and the EXEC commits.
# Seen on: Redis 6.2.14 and 8.2.3, Valkey 8.1.8 and 9.1.2.
. "$(dirname "$0")/lib.sh"

for server in redis-6.2.14 redis-8.2.3 valkey-8.1.8 valkey-9.1.2; do
    start $server
    python3 - $server "$port" <<'EOF'
import sys
from resp import Connection, done, expect

server, port = sys.argv[1:]
watcher, counter = Connection(port), Connection(port)
expect(f"{server}: PFCOUNT is flagged readonly", "+readonly" in counter("COMMAND", "INFO", "PFCOUNT"), True)
counter("PFADD", "visitors", "ada", "grace")
for count, exec_reply in [("first", "null"), ("second", "[+OK]")]:
    watcher("WATCH", "visitors")
    expect(f"{server}: the {count} PFCOUNT of another client", counter("PFCOUNT", "visitors"), ":2")
    expect(f"{server}: EXEC of the client that watches", watcher.transaction(("SET", "k", "1"))[-1], exec_reply)
done()
EOF
done
