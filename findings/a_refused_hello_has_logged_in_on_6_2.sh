#!/usr/bin/env bash
# On Redis 6.2 a HELLO that is refused may have logged in.
#
# One would guess: HELLO 3 AUTH .. SETNAME .. is all or nothing: an error leaves the connection as it was.
# What happens: on 6.2 the right user and password take effect before a later option is found wrong, so that the
#   connection is that user's, in RESP2 and without a name. On Redis 8.2 and Valkey it is unchanged.
# Seen on: Redis 6.2.14 (logged in); Redis 8.2.3, Valkey 8.1.8 and 9.1.2 (unchanged).
. "$(dirname "$0")/lib.sh"

for server in redis-6.2.14 redis-8.2.3 valkey-8.1.8 valkey-9.1.2; do
    start $server
    python3 - $server "$port" <<'EOF'
import sys
from resp import Connection, done, expect

server, port = sys.argv[1:]
Connection(port)("ACL", "SETUSER", "ada", "on", ">secret", "~*", "+@all")
client = Connection(port, protocol=2)
refused = client("HELLO", "3", "AUTH", "ada", "secret", "SETNAME", "two words")
expect(f"{server}: HELLO", refused, "-ERR Client names cannot contain spaces, newlines or special characters.")
expect(f"{server}: ACL WHOAMI", client("ACL", "WHOAMI"), '"ada"' if "6.2" in server else '"default"')
expect(f"{server}: HGETALL is RESP2's", client("HGETALL", "missing"), "[]")
expect(f"{server}: CLIENT GETNAME", client("CLIENT", "GETNAME"), "null")
done()
EOF
done
