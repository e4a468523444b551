#!/usr/bin/env bash
# INCRBYFLOAT adds in long doubles, so its result can be a number that no double holds; ZINCRBY adds in doubles.
#
# One would guess: the same sum is the same number in a string, in a hash and as a score, and past 1.8e308 it is an
#   error, as the documentation of INCRBYFLOAT says of double precision numbers.
# What happens: 0.1 and 0.2 are 0.3 in a string and in a hash, and 0.30000000000000004 as a score. 1.7e308 and 1.7e308
#   are an integer of 309 digits, stored and replied without an error. A client that reads the reply as a double gets
#   infinity for a value that is finite: redis-py 5.2.1 returns inf.
# Seen on: Redis 6.2.14 and 8.2.3, Valkey 8.1.8 and 9.1.2, on x86-64.
. "$(dirname "$0")/lib.sh"

python_packages redis==5.2.1
for server in redis-6.2.14 redis-8.2.3 valkey-8.1.8 valkey-9.1.2; do
    start $server
    "$python" - $server "$port" <<'EOF'
import sys
import redis
from resp import Connection, done, expect

server, port = sys.argv[1:]
client = Connection(port)
client("SET", "k", "0.1"), client("HSET", "h", "f", "0.1"), client("ZADD", "z", "0.1", "m")
expect(f"{server}: INCRBYFLOAT of 0.2", client("INCRBYFLOAT", "k", "0.2"), '"0.3"')
expect(f"{server}: HINCRBYFLOAT of 0.2", client("HINCRBYFLOAT", "h", "f", "0.2"), '"0.3"')
expect(f"{server}: ZINCRBY of 0.2", client("ZINCRBY", "z", "0.2", "m"), ",0.30000000000000004")
client("SET", "k", "1.7e308")
expect(f"{server}: digits of 1.7e308 twice", len(client("INCRBYFLOAT", "k", "1.7e308").strip('"')), 309)
expect(f"{server}: the same by redis-py", redis.Redis(port=int(port)).incrbyfloat("k", 1), float("inf"))
client("ZADD", "z", "1.7e308", "n")
expect(f"{server}: ZINCRBY", client("ZINCRBY", "z", "1.7e308", "n"), ",inf")
done()
EOF
done
