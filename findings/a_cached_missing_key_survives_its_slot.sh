#!/usr/bin/env bash
# A client that has cached "no such key" is not told when the key's slot moves to another node, where the key may be
# created.
#
# One would guess: when a slot leaves a node, everything that clients track in it is invalidated, or their tracking
#   goes with it.
# What happens: keys that exist are invalidated, because the migration removes them from the node. Of a tracked key
#   that is missing nothing is said, neither then nor when it is created at its new owner.
# Seen on: Redis 8.2.3 and Valkey 9.1.2, clusters of two nodes, migration by SETSLOT and MIGRATE.
. "$(dirname "$0")/lib.sh"

for server in redis-8.2.3 valkey-9.1.2; do
    start $server --cluster-enabled yes; first=$port
    start $server --cluster-enabled yes
    python3 - $server "$first" "$port" <<'EOF'
import sys
from resp import Connection, cluster, done, expect

server, *ports = sys.argv[1:]
ids = cluster(*ports)
source, target, tracker = (Connection(port) for port in [*ports, ports[0]])
slot = source("CLUSTER", "KEYSLOT", "{b}")[1:]
source("SET", "{b}existing", "1")
tracker("CLIENT", "TRACKING", "ON")
tracker("GET", "{b}existing")
expect(f"{server}: GET of a missing key", tracker("GET", "{b}missing"), "null")
target("CLUSTER", "SETSLOT", slot, "IMPORTING", ids[0])
source("CLUSTER", "SETSLOT", slot, "MIGRATING", ids[1])
source("MIGRATE", "127.0.0.1", ports[1], "{b}existing", "0", "5000")
for node in (target, source):
    node("CLUSTER", "SETSLOT", slot, "NODE", ids[1])
expect(f"{server}: the push after the move", tracker.read(), '>["invalidate", ["{b}existing"]]')
expect(f"{server}: SET at the new owner", target("SET", "{b}missing", "created"), "+OK")
expect(f"{server}: no further push", tracker.silent(1), True)
done()
EOF
done
