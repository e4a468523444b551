#!/usr/bin/env bash
# Within one EXEC the clock of the server stands still: TIME does not move, and no key expires.
#
# One would guess: each command of a transaction is executed at its own moment, so that a key with a deadline of 20 ms
#   is gone 100 ms later; and TIME tells how long it took.
# What happens: TIME replies the same microsecond before and behind a pause of 100 ms, PTTL still says 20, and GET
#   finds the key; all is gone once EXEC is over. On Redis 6.2 TIME moves on, and PTTL is 0 while GET still finds the
#   key.
# Seen on: Redis 8.2.3, Valkey 8.1.8 and 9.1.2; otherwise on Redis 6.2.14.
. "$(dirname "$0")/lib.sh"

for server in redis-6.2.14 redis-8.2.3 valkey-8.1.8 valkey-9.1.2; do
    start $server $([ $server = redis-6.2.14 ] || echo --enable-debug-command yes)
    python3 - $server "$port" <<'EOF'
import sys
from resp import Connection, done, expect

server, port = sys.argv[1:]
client = Connection(port)
commands = [("TIME",), ("SET", "k", "v", "PX", "20"), ("DEBUG", "SLEEP", "0.1"), ("GET", "k"), ("PTTL", "k"), ("TIME",)]
for command in [("MULTI",), *commands]:
    client(*command)
client.send("EXEC")
client.line()
before, _, _, value, left, behind = (client.read() for _ in commands)
still = server != "redis-6.2.14"
expect(f"{server}: TIME is the same 100 ms later", before == behind, still)
expect(f"{server}: GET of the key with 20 ms", value, '"v"')
expect(f"{server}: its PTTL", left, ":20" if still else ":0")
expect(f"{server}: GET after EXEC", client("GET", "k"), "null")
done()
EOF
done
