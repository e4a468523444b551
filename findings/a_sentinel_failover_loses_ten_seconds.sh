#!/usr/bin/env bash
# After SENTINEL FAILOVER the old primary, which is up all the time, takes writes for ten seconds more, and all are lost.
#
# One would guess: a failover by hand of a healthy primary is as careful as CLUSTER FAILOVER: the old primary is stopped,
#   or is made a replica, before or as soon as the replica is promoted.
# What happens: Sentinel promotes the replica and announces it within about a second. The old primary is told nothing. Only
#   when Sentinel has read its INFO and has seen for some seconds that it calls itself a primary (`+convert-to-slave`)
#   does it become a replica, about 10 seconds later, and what it acknowledged until then is discarded. Clients that are not
#   subscribed to Sentinel see no error in that time. `min-replicas-to-write 1` at the primary ends its writes at once.
# Seen on: Redis 6.2.14 and 8.2.3, Valkey 8.1.8 and 9.1.2.
. "$(dirname "$0")/lib.sh"

for server in redis-6.2.14 redis-8.2.3 valkey-8.1.8 valkey-9.1.2; do
    rm -f "$folder/config"
    start $server --repl-diskless-sync-delay 0; first=$port
    start $server --replicaof 127.0.0.1 "$first"; second=$port
    echo "sentinel monitor shop 127.0.0.1 $first 1" >"$folder/config"
    start $server --sentinel
    python3 - $server "$first" "$second" "$port" <<'END'
import sys
import time
from resp import Connection, done, expect, until

server, first, second, sentinel = sys.argv[1:]
sentinel = Connection(sentinel, protocol=2)
old = Connection(first)
until(lambda: "master_link_status:up" in Connection(second)("INFO", "replication"))
until(lambda: "slaves=1" in sentinel("INFO", "sentinel"))
until(lambda: sentinel("SENTINEL", "FAILOVER", "shop") == "+OK")
until(lambda: second in sentinel("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "shop"))
announced, acknowledged = time.monotonic(), 0
while (reply := old("SET", f"key:{acknowledged}", "1")) == "+OK":
    acknowledged += 1
    time.sleep(0.05)
took = time.monotonic() - announced
expect(f"{server}: the old primary's writes end by", "EOF" if reply == "EOF" else reply[:9], "EOF")
print(f"{server}: that is {took:.1f} s after the switch was announced, with {acknowledged} writes acknowledged")
expect(f"{server}: between 8 and 15 s", 8 < took < 15, True)
until(lambda: "master_link_status:up" in Connection(first)("INFO", "replication"))
for node, port in [("new", second), ("old", first)]:
    expect(f"{server}: of these writes the {node} primary has", Connection(port)("DBSIZE"), ":0")
done()
END
done
