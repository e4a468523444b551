#!/usr/bin/env bash
# Some numbers are text in RESP3 too.
#
# One would guess: RESP3 has doubles, so that every score, distance and sum is one; and a count is an integer.
# What happens: ZSCORE, ZRANGE WITHSCORES and GEOPOS reply doubles, but ZSCAN's scores, GEODIST, GEOSEARCH WITHDIST,
#   INCRBYFLOAT and HINCRBYFLOAT stay bulk strings; and so does the count for each consumer in XPENDING, beside a
#   total that is an integer.
# Seen on: Redis 6.2.14 and 8.2.3, Valkey 8.1.8 and 9.1.2.
. "$(dirname "$0")/lib.sh"

for server in redis-6.2.14 redis-8.2.3 valkey-8.1.8 valkey-9.1.2; do
    start $server
    python3 - $server "$port" <<'EOF'
import sys
from resp import Connection, done, expect

server, port = sys.argv[1:]
client = Connection(port)
for command in ["ZADD z 1.5 a", "GEOADD g 13 38 p 13 39 q", "XADD s 1-0 f v", "XGROUP CREATE s g 0", "XREADGROUP GROUP g c STREAMS s >"]:
    client(*command.split())
for command, reply in [
    ("ZSCORE z a", ",1.5"), ("ZRANGE z 0 -1 WITHSCORES", '[["a", ,1.5]]'), ("ZSCAN z 0", '["0", ["a", "1.5"]]'),
    ("GEODIST g p q km", '"111.2261"'), ("GEOSEARCH g FROMMEMBER p BYRADIUS 1 km WITHDIST", '[["p", "0.0000"]]'),
    ("INCRBYFLOAT f 1.5", '"1.5"'), ("HINCRBYFLOAT h f 1.5", '"1.5"'), ("ZINCRBY z 1 a", ",2.5"),
    ("XPENDING s g", '[:1, "1-0", "1-0", [["c", "1"]]]'),
]:
    expect(f"{server}: {command}", client(*command.split()), reply)
done()
EOF
done
