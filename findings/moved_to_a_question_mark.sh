#!/usr/bin/env bash
# A redirect's host may be `?`, or nothing at all.
#
# One would guess: MOVED names a host and a port to connect to.
# What happens: with cluster-preferred-endpoint-type hostname, a node that has announced no name is `?` in MOVED and
#   in CLUSTER SLOTS; with unknown-endpoint the host is empty in MOVED, null in SLOTS and "" in CLUSTER SHARDS, and
#   the host is the one that the client is connected to. The port is right in both cases.
# Seen on: Redis 8.2.3, Valkey 8.1.8 and 9.1.2.
. "$(dirname "$0")/lib.sh"

for server in redis-8.2.3 valkey-8.1.8 valkey-9.1.2; do
    start $server --cluster-enabled yes; first=$port
    start $server --cluster-enabled yes
    python3 - $server "$first" "$port" <<'EOF'
import sys
from resp import Connection, cluster, done, expect

server, *ports = sys.argv[1:]
cluster(*ports)
client = Connection(ports[0])
for kind, host, in_slots in [("ip", "127.0.0.1", '"127.0.0.1"'), ("hostname", "?", '"?"'), ("unknown-endpoint", "", "null")]:
    client("CONFIG", "SET", "cluster-preferred-endpoint-type", kind)
    expect(f"{server}, {kind}: GET a", client("GET", "a"), f"-MOVED 15495 {host}:{ports[1]}")
    slots, shards = client("CLUSTER", "SLOTS"), client("CLUSTER", "SHARDS")
    expect(f"{server}, {kind}: the node in SLOTS", f"[{in_slots}, :{ports[1]}" in slots, True)
    in_shards = '""' if in_slots == "null" else in_slots
    expect(f"{server}, {kind}: the endpoint in SHARDS", f'"endpoint": {in_shards}' in shards, True)
done()
EOF
done
