#!/usr/bin/env bash
# For a user without the right to MULTI, the commands of a pipelined transaction run one by one.
#
# One would guess: a transaction, sent in one write, whose MULTI is refused does nothing, as one does nothing of which
#   a queued command is refused.
# What happens: MULTI is NOPERM, the commands behind it are executed at once, and only EXEC says that there was no
#   MULTI. If the right to EXEC or to a queued command is missing, nothing runs.
# Seen on: Redis 6.2.14 and 8.2.3, Valkey 8.1.8 and 9.1.2.
. "$(dirname "$0")/lib.sh"

for server in redis-6.2.14 redis-8.2.3 valkey-8.1.8 valkey-9.1.2; do
    start $server
    python3 - $server "$port" <<'EOF'
import sys
from resp import Connection, done, expect

server, port = sys.argv[1:]
admin, client = Connection(port), Connection(port)
admin("ACL", "SETUSER", "worker", "on", "nopass", "~*", "+@all", "-multi")
client("AUTH", "worker", "any")
refused, ran, end = (client(*command) for command in [("MULTI",), ("SET", "k", "1"), ("EXEC",)])
expect(f"{server}: MULTI without the right to it", refused.split()[0], "-NOPERM")
expect(f"{server}: SET behind it", ran, "+OK")
expect(f"{server}: EXEC", end, "-ERR EXEC without MULTI")
expect(f"{server}: k", admin("GET", "k"), '"1"')

for right in ["exec", "get"]:
    admin("ACL", "SETUSER", "worker", "+@all", f"-{right}")
    end = client.transaction(("SET", "k", "2"), ("GET", "k"))[-1]
    expect(f"{server}: EXEC without the right to {right.upper()}", end.split()[0], "-EXECABORT")
    expect(f"{server}: k", admin("GET", "k"), '"1"')
    client("DISCARD")
done()
EOF
done
