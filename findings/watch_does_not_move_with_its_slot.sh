#!/usr/bin/env bash
# A WATCH of a missing key is lost when its slot moves to another node, and EXEC commits.
#
# One would guess: when the slot of a watched key leaves the node, EXEC is null or MOVED, so that the WATCH holds or
#   its loss is seen.
# What happens: if the watched key did not exist, EXEC of commands on keys of another slot, or without keys, commits,
#   although another client has meanwhile written the watched key at its new owner. A watched key that existed makes
#   EXEC null, because the migration removes it from the node. A queued EXISTS of the watched key is MOVED, so that
#   EXEC aborts.
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
source, target, client, other = (Connection(port) for port in [*ports, *ports])

def move(tag):
    """Moves the slot of a hash tag from the first node to the second."""
    slot = source("CLUSTER", "KEYSLOT", tag)[1:]
    target("CLUSTER", "SETSLOT", slot, "IMPORTING", ids[0])
    source("CLUSTER", "SETSLOT", slot, "MIGRATING", ids[1])
    while (keys := source("CLUSTER", "GETKEYSINSLOT", slot, "9")) != "[]":
        source("MIGRATE", "127.0.0.1", ports[1], keys[2:-2].split('", "')[0], "0", "5000")
    for node in (target, source):
        node("CLUSTER", "SETSLOT", slot, "NODE", ids[1])

def exec_reply(tag, exists, *queued):
    """EXEC after a WATCH of a key, which exists or not, whose slot is moved, and which is written at its new owner."""
    if exists:
        expect(f"{server}: {tag} is written before WATCH", source("SET", tag, "1"), "+OK")
    client("WATCH", tag)
    move(tag)
    expect(f"{server}: another client writes {tag} at its new owner", other("SET", tag, "taken"), "+OK")
    return client.transaction(*queued)[-1]

# All of them are the first node's; that of {j} stays there.
aborted = "-EXECABORT Transaction discarded because of previous errors."
expect(f"{server}: missing key watched, SET of another slot", exec_reply("{b}", False, ("SET", "{j}", "1")), "[+OK]")
expect(f"{server}: missing key watched, PING", exec_reply("{c}", False, ("PING",)), "[+PONG]")
expect(f"{server}: existing key watched, SET of another slot", exec_reply("{f}", True, ("SET", "{j}", "1")), "null")
expect(f"{server}: missing key watched, EXISTS of it queued", exec_reply("{g}", False, ("EXISTS", "{g}")), aborted)
done()
EOF
done
