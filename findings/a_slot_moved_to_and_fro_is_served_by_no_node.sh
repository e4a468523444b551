#!/usr/bin/env bash
# A slot that is moved to a node and back faster than the nodes gossip is served by none of them from then on.
#
# One would guess: SETSLOT .. NODE is +OK at both nodes for the way there and for the way back, so both know where the
#   slot is; and if they did not, the epochs would settle it, as they do after a failover.
# What happens: the source, whose epoch is the greatest it knows of, takes the slot back without a new one, before it has
#   heard that the target took the slot with a greater one. Then it hears of that and yields: it names the target, the
#   target names it, and a client is sent in a circle. All other nodes name the target. Nothing settles it, because each
#   of the two now says that it does not own the slot; CLUSTER INFO says ok at all nodes, with 16384 slots assigned.
#   Here the commands for a node are sent in one write; where the cluster bus is slower than the client, that is not needed.
# Seen on: Redis 6.2.14 and 8.2.3, Valkey 8.1.8 and 9.1.2.
. "$(dirname "$0")/lib.sh"

for server in redis-6.2.14 redis-8.2.3 valkey-8.1.8 valkey-9.1.2; do
    start $server --cluster-enabled yes; first=$port
    start $server --cluster-enabled yes; second=$port
    start $server --cluster-enabled yes
    python3 - $server "$first" "$second" "$port" <<'END'
import sys
import time
from resp import Connection, cluster, done, expect, until

server, *ports = sys.argv[1:]
ids = cluster(*ports)
source, target, other = (Connection(port) for port in ports)


def epoch_of_source(node):
    lines = node("CLUSTER", "NODES").strip('"').removeprefix("txt:").splitlines()
    return next(int(line.split()[6]) for line in lines if line.startswith(ids[0]))


source("CLUSTER", "BUMPEPOCH")
until(lambda: len({epoch_of_source(node) for node in (source, target, other)}) == 1)
key = next(key for key in map(str, range(1000)) if int(source("CLUSTER", "KEYSLOT", key)[1:]) < 5461)
slot = source("CLUSTER", "KEYSLOT", key)[1:]
there_of_target = [("CLUSTER", "SETSLOT", slot, *words) for words in [("IMPORTING", ids[0]), ("NODE", ids[1])]]
there_of_source = [("CLUSTER", "SETSLOT", slot, *words) for words in [("MIGRATING", ids[1]), ("NODE", ids[1])]]
back_of_source = [("CLUSTER", "SETSLOT", slot, *words) for words in [("IMPORTING", ids[1]), ("NODE", ids[0])]]
back_of_target = [("CLUSTER", "SETSLOT", slot, *words) for words in [("MIGRATING", ids[0]), ("NODE", ids[0])]]
target.send_all(*there_of_target)
source.send_all(*there_of_source, *back_of_source)
target.send_all(*back_of_target)
replies = [node.read() for node in (target, source) for _ in range(4)]
expect(f"{server}: SETSLOT, four times at each", replies, ["+OK"] * 8)
time.sleep(5)
names = dict(zip([f"-MOVED {slot} 127.0.0.1:{port}" for port in ports], ["the source", "the target", "the other"]))
for of, node, named in [("source", source, "the target"), ("target", target, "the source"), ("other", other, "the target")]:
    reply = node("GET", key)
    expect(f"{server}: 5 s later the {of} sends GET to", names.get(reply, reply), named)
    info = node("CLUSTER", "INFO")
    expect(f"{server}: CLUSTER INFO there", "cluster_state:ok" in info and "cluster_slots_ok:16384" in info, True)
done()
END
done
