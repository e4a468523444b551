#!/usr/bin/env bash
# A replica that has synchronized with a primary which is idle is missing in CLUSTER SLOTS, and "loading" in CLUSTER SHARDS.
#
# One would guess: once `master_link_status` is up the replica is listed and online, as it serves reads by then; and that
#   the two commands tell the same nodes.
# What happens: both look at the replica's offset, which is 0 until the primary has sent something to replicate: a write, or
#   its PING every `repl-ping-replica-period` (10 s). SLOTS leaves a replica with offset 0 out, and SHARDS has it with health
#   "loading", though it has loaded and answers GET. So a client that reads its topology after a start by itself, or after
#   a replica was added, has no replica there, whichever of the two it asks.
# Seen on: Redis 8.2.3, Valkey 8.1.8. Not on Valkey 9.1.2, where the offset is above 0 once the replica has synchronized, nor on
#   Redis 6.2.14, which lists a replica at once, also one that has not synchronized.
. "$(dirname "$0")/lib.sh"

for server in redis-6.2.14 redis-8.2.3 valkey-8.1.8 valkey-9.1.2; do
    start $server --cluster-enabled yes --repl-ping-replica-period 3600; first=$port
    start $server --cluster-enabled yes
    python3 - $server "$first" "$port" <<'END'
import sys
import time
from resp import Connection, done, expect, until

server, *ports = sys.argv[1:]
primary, replica = (Connection(port) for port in ports)
primary("CLUSTER", "ADDSLOTS", *range(16384))
until(lambda: primary("SET", "k", "1") == "+OK")
replica("CLUSTER", "MEET", "127.0.0.1", ports[0])
primary_id, replica_id = (node("CLUSTER", "MYID").strip('"') for node in (primary, replica))
until(lambda: replica("CLUSTER", "REPLICATE", primary_id) == "+OK")
until(lambda: "master_link_status:up" in replica("INFO", "replication"))
replica("READONLY")
until(lambda: replica("GET", "k") == '"1"')
# What the nodes gossip each second.
time.sleep(5)
expect(f"{server}: GET at the replica", replica("GET", "k"), '"1"')


def listed():
    """Whether the primary lists the replica in SLOTS, and with which health in SHARDS."""
    shards = primary("CLUSTER", "SHARDS")
    if "unknown" in shards.lower():
        return replica_id in primary("CLUSTER", "SLOTS"), "unknown subcommand"
    health = shards.split(f'"id": "{replica_id}"')[1].split('"health": "')[1].split('"')[0]
    return replica_id in primary("CLUSTER", "SLOTS"), health


expected = {"redis-6.2.14": (True, "unknown subcommand"), "valkey-9.1.2": (True, "online")}
expect(f"{server}: in SLOTS, and health in SHARDS", listed(), expected.get(server, (False, "loading")))
primary("SET", "k", "2")
if server not in expected:
    until(lambda: listed() == (True, "online"))
    expect(f"{server}: soon after a write", listed(), (True, "online"))
done()
END
done
