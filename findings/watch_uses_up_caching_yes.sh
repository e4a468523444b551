#!/usr/bin/env bash
# CLIENT CACHING YES before MULTI covers every read of the transaction, but a WATCH in between uses it up.
#
# One would guess: in the mode OPTIN it covers the next read; and WATCH, which reads no value, leaves it alone.
# What happens: it covers the next command, whichever that is, and MULTI to EXEC count as one. So all reads of the
#   transaction are tracked; after CACHING YES, WATCH, GET neither is, and no reply tells it.
# Seen on: Redis 6.2.14 and 8.2.3, Valkey 8.1.8 and 9.1.2.
. "$(dirname "$0")/lib.sh"

for server in redis-6.2.14 redis-8.2.3 valkey-8.1.8 valkey-9.1.2; do
    start $server
    python3 - $server "$port" <<'EOF'
import sys
from resp import Connection, done, expect

server, port = sys.argv[1:]
other = Connection(port)
def tracked(*commands):
    """The keys of which the client is told when they change after the commands."""
    client = Connection(port)
    client("CLIENT", "TRACKING", "ON", "OPTIN")
    for command in [("CLIENT", "CACHING", "YES"), *commands]:
        client(*command)
    other("INCR", "a")
    other("INCR", "b")
    client.send("ECHO", "end")
    pushes = []
    while (reply := client.read()) != '"end"':
        pushes.append(reply)
    return " ".join(pushes)

a, b = ('>["invalidate", ["%s"]]' % key for key in "ab")
gets = [("GET", "a"), ("GET", "b")]
expect(f"{server}: YES, GET a, GET b", tracked(*gets), a)
expect(f"{server}: YES, MULTI, GET a, GET b, EXEC", tracked(("MULTI",), *gets, ("EXEC",)), f"{a} {b}")
expect(f"{server}: YES, WATCH a, GET a", tracked(("WATCH", "a"), ("GET", "a")), "")
expect(f"{server}: YES, WATCH a, MULTI, GET a, GET b, EXEC", tracked(("WATCH", "a"), ("MULTI",), *gets, ("EXEC",)), "")
done()
EOF
done
