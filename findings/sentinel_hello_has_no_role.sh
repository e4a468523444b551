#!/usr/bin/env bash
# HELLO of a Sentinel has no `role`, and RESET is unknown there.
#
# One would guess: HELLO's map has the same keys on every server, with `role` sentinel or primary; and RESET, as old
#   as HELLO 3, makes any connection clean.
# What happens: a Sentinel leaves `role` out, and only `mode` says what it is. RESET and MULTI are unknown commands;
#   so is QUIT but on Redis 6.2.
# Seen on: Redis 6.2.14 and 8.2.3, Valkey 8.1.8 and 9.1.2.
. "$(dirname "$0")/lib.sh"

touch "$folder/config"
for server in redis-6.2.14 redis-8.2.3 valkey-8.1.8 valkey-9.1.2; do
    start $server --sentinel
    python3 - $server "$port" <<'EOF'
import sys
from resp import Connection, done, expect

server, port = sys.argv[1:]
client = Connection(port)
hello = client("HELLO")
expect(f"{server}: HELLO says the mode", '"mode": "sentinel"' in hello, True)
expect(f"{server}: HELLO has a role", '"role"' in hello, False)
for command in ["RESET", "MULTI"]:
    expect(f"{server}: {command}", client(command)[:20], "-ERR unknown command")
expect(f"{server}: QUIT", client("QUIT")[:20], "+OK" if server == "redis-6.2.14" else "-ERR unknown command")
done()
EOF
done
