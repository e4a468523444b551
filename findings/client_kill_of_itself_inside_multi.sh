#!/usr/bin/env bash
# A client that kills its own connection within a transaction commits all of it, and learns nothing.
#
# One would guess: CLIENT KILL of oneself ends the connection there, or after the replies; and that a transaction
#   whose connection is closed in the middle is not committed beyond that point.
# What happens: with SKIPME no, EXEC runs on to its end, the commands behind the kill included, and they are
#   committed. The replies break off in the array behind the kill's own, although the header promised all.
# Seen on: Redis 6.2.14 and 8.2.3, Valkey 8.1.8 and 9.1.2.
. "$(dirname "$0")/lib.sh"

for server in redis-6.2.14 redis-8.2.3 valkey-8.1.8 valkey-9.1.2; do
    start $server
    python3 - $server "$port" <<'EOF'
import sys
from resp import Connection, done, expect

server, port = sys.argv[1:]
client = Connection(port)
number = client("CLIENT", "ID")[1:]
for command in [("MULTI",), ("INCR", "k"), ("CLIENT", "KILL", "ID", number, "SKIPME", "no"), ("INCR", "k"), ("INCR", "k")]:
    client(*command)
client.send("EXEC")
expect(f"{server}: EXEC", [client.line(), client.read(), client.read(), client.read()], ["*4", ":1", ":1", "EOF"])
expect(f"{server}: k", Connection(port)("GET", "k"), '"3"')
done()
EOF
done
