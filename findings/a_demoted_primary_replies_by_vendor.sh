#!/usr/bin/env bash
# After a failover, Valkey calls a transaction with a broken WATCH a conflict, and Redis calls it READONLY.
#
# One would guess: EXEC of a write on a node that has become a replica is the same error on both; and a null EXEC says
#   that this node still takes writes, so that the retry succeeds.
# What happens: when the new replica has loaded its primary's data, which breaks a WATCH of a key that existed,
#   Valkey's EXEC is null, and Redis's EXECABORT "because of: READONLY". A loop that retries only on null meets
#   READONLY at its next attempt.
# Seen on: Redis 6.2.14 and 8.2.3; Valkey 8.1.8 and 9.1.2.
. "$(dirname "$0")/lib.sh"

for server in redis-6.2.14 redis-8.2.3 valkey-8.1.8 valkey-9.1.2; do
    start $server; first=$port
    start $server --repl-diskless-sync-delay 0
    python3 - $server "$first" "$port" <<'EOF'
import sys
from resp import Connection, done, expect, until

server, first, second = sys.argv[1:]
client, other, primary = Connection(first), Connection(first), Connection(second)
primary("CONFIG", "SET", "repl-diskless-sync-delay", "0")
other("SET", "k", "1")
client("WATCH", "k")
client("MULTI")
client("SET", "k", "2")
other("REPLICAOF", "127.0.0.1", second)
until(lambda: "master_link_status:up" in other("INFO", "replication"))
readonly = "-EXECABORT Transaction discarded because of: READONLY You can't write against a read only replica."
expect(f"{server}: EXEC of what was queued before the failover", client("EXEC"), "null" if "valkey" in server else readonly)
client("WATCH", "k")
seen = client.transaction(("SET", "k", "2"))[1]
expect(f"{server}: the next attempt", seen, "-READONLY You can't write against a read only replica.")
done()
EOF
done
