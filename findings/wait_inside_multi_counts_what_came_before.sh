#!/usr/bin/env bash
# WAIT within a transaction says that a replica has the writes, which no replica has received; WAITAOF likewise.
#
# One would guess: WAIT 1 behind SET, both queued, is 0, because it cannot wait there; or its 1 proves that a replica
#   has the SET, as it does outside of MULTI.
# What happens: WAIT does not wait, and counts the replicas that have confirmed what the connection wrote before this
#   EXEC. So with a replica that is stopped it replies 1, and 0 when it is asked again behind EXEC. On Redis 6.2 it is
#   0 both times. WAITAOF 1 0 behind the first write of a connection says that the local append-only file has been
#   fsynced, also with `appendfsync no`.
# Seen on: Redis 8.2.3, Valkey 8.1.8 and 9.1.2 (1); Redis 6.2.14 (0).
. "$(dirname "$0")/lib.sh"

for server in redis-6.2.14 redis-8.2.3 valkey-8.1.8 valkey-9.1.2; do
    start $server --appendonly yes --appendfsync no; primary=$port
    start $server --replicaof 127.0.0.1 "$primary"
    python3 - $server "$primary" "$port" "${servers[-1]}" <<'EOF'
import os, signal, sys
from resp import Connection, done, expect, until

server, primary, replica, process = sys.argv[1:]
client = Connection(primary)
until(lambda: "master_link_status:up" in Connection(replica)("INFO", "replication"))
until(lambda: (client("SET", "k", "before"), client("WAIT", "1", "1000"))[1] == ":1")
os.kill(int(process), signal.SIGSTOP)
seen = client.transaction(("SET", "k", "within"), ("WAIT", "1", "1000"))[-1]
expect(f"{server}: EXEC of SET and WAIT 1, the replica being stopped", seen, "[+OK, :0]" if "6.2" in server else "[+OK, :1]")
expect(f"{server}: WAIT 1 behind it", client("WAIT", "1", "200"), ":0")
os.kill(int(process), signal.SIGCONT)
expect(f"{server}: WAIT 1 once the replica goes on", client("WAIT", "1", "5000"), ":1")
if "6.2" not in server:  # which has no WAITAOF
    fresh = Connection(primary)
    seen = fresh.transaction(("SET", "k", "within"), ("WAITAOF", "1", "0", "1000"))[-1]
    expect(f"{server}: EXEC of SET and WAITAOF 1 0, without fsync", seen[:9], "[+OK, [:1")
    expect(f"{server}: WAITAOF 1 0 behind it", fresh("WAITAOF", "1", "0", "200"), "[:0, :0]")
done()
EOF
done
