#!/usr/bin/env bash
# In a slot that is being migrated, Valkey 9.1 queues a command on a key that has left, and EXEC itself is ASK.
#
# One would guess: ASK comes when the command is queued, and EXEC is then EXECABORT, so that a client looks for
#   redirects in the replies to queued commands.
# What happens: Valkey 9.1 replies +QUEUED and then ASK, or TRYAGAIN if only some of the keys have left, to EXEC.
#   Redis and Valkey 8.1 refuse while queueing. In either case nothing ran, and the connection has left MULTI. To
#   follow it, ASKING goes before MULTI and holds up to EXEC; ASKING within MULTI has no effect.
# Seen on: Valkey 9.1.2 (at EXEC); Redis 8.2.3, Valkey 8.1.8 (while queueing).
. "$(dirname "$0")/lib.sh"

for server in redis-8.2.3 valkey-8.1.8 valkey-9.1.2; do
    start $server --cluster-enabled yes; first=$port
    start $server --cluster-enabled yes
    python3 - $server "$first" "$port" <<'EOF'
import sys
from resp import Connection, cluster, done, expect

server, *ports = sys.argv[1:]
ids = cluster(*ports)
source, target = (Connection(port) for port in ports)
slot = source("CLUSTER", "KEYSLOT", "{b}")[1:]
source("SET", "{b}stays", "1")
target("CLUSTER", "SETSLOT", slot, "IMPORTING", ids[0])
source("CLUSTER", "SETSLOT", slot, "MIGRATING", ids[1])
ask, abort = f"-ASK {slot} 127.0.0.1:{ports[1]}", "-EXECABORT Transaction discarded because of previous errors."
again = "-TRYAGAIN Multiple keys request during rehashing of slot"
late = server == "valkey-9.1.2"
seen = source.transaction(("GET", "{b}gone"))
expect(f"{server}: GET of a key that has left", seen, ["+OK", "+QUEUED", ask] if late else ["+OK", ask, abort])
seen = source.transaction(("GET", "{b}stays"), ("GET", "{b}gone"))
expect(f"{server}: GET of a key that is there, and of one that has left", seen,
       ["+OK", "+QUEUED", "+QUEUED", again] if late else ["+OK", "+QUEUED", ask, abort])
expect(f"{server}: DISCARD", source("DISCARD"), "-ERR DISCARD without MULTI")
target("ASKING")
seen = target.transaction(("GET", "{b}gone"), ("GET", "{b}gone"))
expect(f"{server}: ASKING, MULTI", seen, ["+OK", "+QUEUED", "+QUEUED", "[null, null]"])
seen = target.transaction(("ASKING",), ("GET", "{b}gone"))[2]
expect(f"{server}: MULTI, ASKING, GET", seen, f"-MOVED {slot} 127.0.0.1:{ports[0]}")
done()
EOF
done
