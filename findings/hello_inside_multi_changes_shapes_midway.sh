#!/usr/bin/env bash
# HELLO can be queued, and changes the protocol in the middle of EXEC's array.
#
# One would guess: one reply is in one protocol; HELLO within a transaction is refused, or takes effect after EXEC.
# What happens: the elements before HELLO 2 are RESP3, HELLO's own element and all behind it RESP2. A map before it is
#   a map, the same map behind it a flat array, within one array.
# Seen on: Redis 6.2.14 and 8.2.3, Valkey 8.1.8 and 9.1.2.
. "$(dirname "$0")/lib.sh"

for server in redis-6.2.14 redis-8.2.3 valkey-8.1.8 valkey-9.1.2; do
    start $server
    python3 - $server "$port" <<'EOF'
import sys
from resp import Connection, done, expect

server, port = sys.argv[1:]
client = Connection(port)
client("HSET", "h", "f", "v")
for command in [("MULTI",), ("HGETALL", "h"), ("HELLO", "2"), ("HGETALL", "h")]:
    client(*command)
client.send("EXEC")
header, before, hello, after = client.line(), client.read(), client.read(), client.read()
expect(f"{server}: HGETALL before HELLO 2", before, '{"f": "v"}')
expect(f"{server}: HELLO is a flat array", hello.startswith('["server", "'), True)
expect(f"{server}: HGETALL behind HELLO 2", after, '["f", "v"]')
done()
EOF
done
