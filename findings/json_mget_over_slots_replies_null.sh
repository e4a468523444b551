#!/usr/bin/env bash
# In a cluster JSON.MGET over several slots is no error: it replies null for keys that exist.
#
# One would guess: keys of several slots are CROSSSLOT, as with MGET, or MOVED.
# What happens: the command is judged by its first key alone. Each key of another slot is null in the reply, also if
#   the same node holds it, and within MULTI too. COMMAND GETKEYS names only the first key, and a client that tracks
#   its reads is told of changes of that key only.
# Seen on: ReJSON 2.8.3 in Redis 8.2.3 and Valkey 9.1.2.
. "$(dirname "$0")/lib.sh"

module rejson
for server in redis-8.2.3 valkey-9.1.2; do
    start $server --cluster-enabled yes --loadmodule "$module"
    python3 - $server "$port" <<'EOF'
import sys
from resp import Connection, cluster, done, expect

server, port = sys.argv[1:]
cluster(port)
client, tracker = Connection(port), Connection(port)
for key in ["a", "b", "{a}2"]:
    client("JSON.SET", key, "$", "1")
expect(f"{server}: MGET a b", client("MGET", "a", "b"), "-CROSSSLOT Keys in request don't hash to the same slot")
expect(f"{server}: JSON.MGET a b {{a}}2 $", client("JSON.MGET", "a", "b", "{a}2", "$"), '["[1]", null, "[1]"]')
expect(f"{server}: JSON.GET b $", client("JSON.GET", "b", "$"), '"[1]"')
expect(f"{server}: within MULTI", client.transaction(("JSON.MGET", "a", "b", "$"))[-1], '[["[1]", null]]')
expect(f"{server}: COMMAND GETKEYS", client("COMMAND", "GETKEYS", "JSON.MGET", "a", "{a}2", "$"), '["a"]')
tracker("CLIENT", "TRACKING", "ON")
tracker("JSON.MGET", "a", "{a}2", "$")
client("JSON.SET", "{a}2", "$", "2")
expect(f"{server}: no invalidation of the second key", tracker.silent(), True)
client("JSON.SET", "a", "$", "2")
expect(f"{server}: invalidation of the first key", tracker.read(), '>["invalidate", ["a"]]')
done()
EOF
done
