#!/usr/bin/env bash
# HEXPIRE and its like take other deadlines and other conditions on Redis and on Valkey.
#
# One would guess: Valkey 9 took the commands over, so that both accept the same arguments, and a field may live as long
#   as a key may.
# What happens: Redis stores a field's deadline in 46 bits, and refuses 2^46 milliseconds from now (2230 years), which
#   PEXPIRE takes of a key and Valkey of a field. Valkey takes two conditions, XX GT, as EXPIRE does; Redis takes one,
#   and complains of FIELDS.
# Seen on: Redis 8.2.3, Valkey 9.1.2.
. "$(dirname "$0")/lib.sh"

for server in redis-8.2.3 valkey-9.1.2; do
    start $server
    python3 - $server "$port" <<'EOF'
import sys
from resp import Connection, done, expect

server, port = sys.argv[1:]
redis = server.startswith("redis")
client = Connection(port)
client("HSET", "h", "f", "v")
expect(f"{server}: one condition", client("HEXPIRE", "h", 100, "NX", "FIELDS", 1, "f"), "[:1]")
expect(f"{server}: two conditions on a field", client("HEXPIRE", "h", 200, "XX", "GT", "FIELDS", 1, "f"),
       "-ERR Mandatory argument FIELDS is missing or not at the right position" if redis else "[:1]")
expect(f"{server}: 2^46 ms for a field", client("HPEXPIRE", "h", 2**46, "FIELDS", 1, "f"),
       "-ERR invalid expire time in 'hpexpire' command" if redis else "[:1]")
expect(f"{server}: 2^46 ms for a key", client("PEXPIRE", "h", 2**46), ":1")
expect(f"{server}: two conditions on a key", client("PEXPIRE", "h", 2**46 + 10**6, "XX", "GT"), ":1")
done()
EOF
done
