#!/usr/bin/env bash
# A transaction with SPUBLISH writes a key that has moved to another node, on a fresh copy of its own.
#
# One would guess: while a slot moves key by key, the old node answers ASK for a key that it no longer has, whatever else
#   the transaction holds.
# What happens: with a message to a channel of the same slot in the transaction, it does not look whether the keys are
#   still there. INCR of a counter that stood at 41 and had moved answers 1; the counter is then on both nodes, and the
#   rest of the migration fails with BUSYKEY. Without SPUBLISH the answer is ASK.
# Seen on: Valkey 9.1.2, which looks for the keys at EXEC; not on Redis 8.2.3 and Valkey 8.1.8, which look when queueing.
. "$(dirname "$0")/lib.sh"

for server in redis-8.2.3 valkey-8.1.8 valkey-9.1.2; do
    ports=()
    for _ in 1 2; do start $server --cluster-enabled yes; ports+=("$port"); done
    python3 - $server "${ports[@]}" <<'EOF'
import sys
from resp import Connection, cluster, done, expect

server, *ports = sys.argv[1:]
ids = cluster(*ports)
source, target = (Connection(port) for port in ports)
slot = source("CLUSTER", "KEYSLOT", "{06S}n").strip(":")
ask = f"-ASK {slot} 127.0.0.1:{ports[1]}"
aborted = "-EXECABORT Transaction discarded because of previous errors."
newest = server == "valkey-9.1.2"
source("SET", "{06S}n", "41")
target("CLUSTER", "SETSLOT", slot, "IMPORTING", ids[0])
source("CLUSTER", "SETSLOT", slot, "MIGRATING", ids[1])
expect(f"{server}: MIGRATE", source("MIGRATE", "127.0.0.1", ports[1], "{06S}n", "0", "5000"), "+OK")
expect(f"{server}: a transaction of the key", source.transaction(("INCR", "{06S}n")),
       ["+OK", "+QUEUED", ask] if newest else ["+OK", ask, aborted])
expect(f"{server}: with SPUBLISH", source.transaction(("INCR", "{06S}n"), ("SPUBLISH", "{06S}c", "x")),
       ["+OK", "+QUEUED", "+QUEUED", "[:1, :0]"] if newest else ["+OK", ask, "+QUEUED", aborted])
expect(f"{server}: the counter at the source", source("GET", "{06S}n"), '"1"' if newest else ask)
target("ASKING")
expect(f"{server}: the counter at the target", target("GET", "{06S}n"), '"41"')
again = source("MIGRATE", "127.0.0.1", ports[1], "{06S}n", "0", "5000")
expect(f"{server}: MIGRATE again", again,
       "-ERR Target instance replied with error: BUSYKEY Target key name already exists." if newest else "+NOKEY")
done()
EOF
done
