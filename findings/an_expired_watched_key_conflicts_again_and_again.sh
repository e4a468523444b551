#!/usr/bin/env bash
# On Redis 6.2 a WATCH of a key that had already expired conflicts at every attempt, so that a retry loop never ends.
#
# One would guess: WATCH of an expired key is WATCH of a missing key, and EXEC commits unless another client writes.
# What happens: until the sweep removes the key, or a command reads it, every EXEC is null on 6.2, whatever happened
#   between. On Redis 8.2 and Valkey it commits. The servers here do not sweep, so that this state lasts.
# Seen on: Redis 6.2.14 (null); Redis 8.2.3, Valkey 8.1.8 and 9.1.2 (commits).
. "$(dirname "$0")/lib.sh"

for server in redis-6.2.14 redis-8.2.3 valkey-8.1.8 valkey-9.1.2; do
    start $server $([ $server = redis-6.2.14 ] || echo --enable-debug-command yes)
    python3 - $server "$port" <<'EOF'
import sys, time
from resp import Connection, done, expect

server, port = sys.argv[1:]
client = Connection(port)
client("DEBUG", "SET-ACTIVE-EXPIRE", "0")
client("SET", "lease", "1", "PX", "1")
time.sleep(0.1)
replies = set()
for _ in range(10 if server == "redis-6.2.14" else 1):
    client("WATCH", "lease")
    replies.add(client.transaction(("SET", "other", "1"))[-1])
expect(f"{server}: EXEC, each time", replies, {"null" if server == "redis-6.2.14" else "[+OK]"})
client("WATCH", "lease")
client("EXISTS", "lease")
client("UNWATCH")
client("WATCH", "lease")
expect(f"{server}: EXEC once a command has read the key", client.transaction(("SET", "other", "1"))[-1], "[+OK]")
done()
EOF
done
