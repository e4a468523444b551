#!/usr/bin/env bash
# XRANGE and XREVRANGE with COUNT 0 reply null, where every other empty range is an empty array.
#
# One would guess: an empty array, as XRANGE replies when nothing matches, or all entries, as XREAD takes COUNT 0.
# What happens: null, in RESP3 and RESP2, also of a stream with entries, so that a page size of 0 is not an empty page
#   but a reply of another kind. XREAD COUNT 0 gives all entries; ZRANGE .. LIMIT 0 0, LPOP of 0 and HRANDFIELD of 0
#   are empty arrays.
# Seen on: Redis 6.2.14 and 8.2.3, Valkey 8.1.8 and 9.1.2.
. "$(dirname "$0")/lib.sh"

for server in redis-6.2.14 redis-8.2.3 valkey-8.1.8 valkey-9.1.2; do
    start $server
    python3 - $server "$port" <<'EOF'
import sys
from resp import Connection, done, expect

server, port = sys.argv[1:]
for protocol in (3, 2):
    client = Connection(port, protocol)
    client("DEL", "s", "z", "l", "h")
    client("XADD", "s", "1-1", "a", "b"), client("ZADD", "z", "1", "m"), client("RPUSH", "l", "x"), client("HSET", "h", "f", "v")
    for command, reply in [
        ("XRANGE s - + COUNT 0", "null"), ("XREVRANGE s + - COUNT 0", "null"), ("XRANGE s 9 +", "[]"),
        ("ZRANGE z 0 1 BYSCORE LIMIT 0 0", "[]"), ("LPOP l 0", "[]"), ("HRANDFIELD h 0", "[]"),
    ]:
        expect(f"{server}, RESP{protocol}: {command}", client(*command.split()), reply)
done()
EOF
done
