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
slot = source("CLUSTER", "KEYSLOT", "{b}")[1:]

def move():
    """Moves the slot of {b} from the first node to the second."""
    target("CLUSTER", "SETSLOT", slot, "IMPORTING", ids[0])
    source("CLUSTER", "SETSLOT", slot, "MIGRATING", ids[1])
    while (keys := source("CLUSTER", "GETKEYSINSLOT", slot, "9")) != "[]":
        source("MIGRATE", "127.0.0.1", ports[1], keys[2:-2].split('", "')[0], "0", "5000")
    for node in (target, source):
        node("CLUSTER", "SETSLOT", slot, "NODE", ids[1])

def move_back():
    for node in (source, target):
        node("CLUSTER", "SETSLOT", slot, "NODE", ids[0])

def exec_reply(name, *queued):
    other("DEL", "{b}missing", "{b}existing")
    source("SET", "{b}existing", "1")
    client("WATCH", name)
    move()
    expect(f"{server}: another client writes {name} at its new owner", other("SET", name, "taken"), "+OK")
    reply = client.transaction(*queued)[-1]
    other("DEL", "{b}missing", "{b}existing")
    move_back()
    return reply

commit = exec_reply("{b}missing", ("SET", "{f}", "1"))
expect(f"{server}: missing key watched, SET of another slot", commit, "[+OK]")
expect(f"{server}: missing key watched, PING", exec_reply("{b}missing", ("PING",)), "[+PONG]")
expect(f"{server}: existing key watched, SET of another slot", exec_reply("{b}existing", ("SET", "{f}", "1")), "null")
expect(f"{server}: missing key watched, EXISTS of it queued", exec_reply("{b}missing", ("EXISTS", "{b}missing")),
       "-EXECABORT Transaction discarded because of previous errors.")
done()
EOF
done
