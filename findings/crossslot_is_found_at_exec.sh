#!/usr/bin/env bash
# Two commands of two slots are both queued, and EXEC is CROSSSLOT; two WATCHes of two slots are no error at all.
#
# One would guess: what cannot be executed in a cluster is refused when it is queued, so that EXEC is EXECABORT; and
#   WATCH demands one slot, as MGET does.
# What happens: each command is judged alone while it is queued, so both are +QUEUED if the node owns both slots, and
#   EXEC's own reply is -CROSSSLOT. Nothing ran, and the connection has left MULTI. WATCH of two keys of two slots is
#   CROSSSLOT, but one WATCH behind the other is +OK, and both guard.
# Seen on: Redis 6.2.14 and 8.2.3, Valkey 8.1.8 and 9.1.2, clusters of one node.
. "$(dirname "$0")/lib.sh"

for server in redis-6.2.14 redis-8.2.3 valkey-8.1.8 valkey-9.1.2; do
    start $server --cluster-enabled yes
    python3 - $server "$port" <<'EOF'
import sys
from resp import Connection, cluster, done, expect

server, port = sys.argv[1:]
cluster(port)
client, other = Connection(port), Connection(port)
crossed = "-CROSSSLOT Keys in request don't hash to the same slot"
expect(f"{server}: SET a, SET b", client.transaction(("SET", "a", "1"), ("SET", "b", "1")), ["+OK", "+QUEUED", "+QUEUED", crossed])
expect(f"{server}: DISCARD", client("DISCARD"), "-ERR DISCARD without MULTI")
expect(f"{server}: a and b", (client("GET", "a"), client("GET", "b")), ("null", "null"))
expect(f"{server}: WATCH a b", client("WATCH", "a", "b"), crossed)
for written in "ab":
    expect(f"{server}: WATCH a, WATCH b", (client("WATCH", "a"), client("WATCH", "b")), ("+OK", "+OK"))
    other("INCR", written)
    expect(f"{server}: EXEC after another client's INCR {written}", client.transaction(("SET", "a", "1"))[-1], "null")
done()
EOF
done
