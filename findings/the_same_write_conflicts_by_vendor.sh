#!/usr/bin/env bash
# Whether a write that changes nothing breaks a WATCH differs between Redis and Valkey.
#
# One would guess: Valkey, forked from Redis 7.2, has its rules for WATCH; a write either always counts or never.
# What happens: LTRIM of the whole list and SET of a missing key with a deadline in the past conflict on Redis and not
#   on Valkey. SETBIT of the bit's own value conflicts on Redis 6.2 only. SET and HSET of the same value conflict
#   everywhere, ZADD and SADD of what is there nowhere.
# Seen on: Redis 6.2.14 and 8.2.3, Valkey 8.1.8 and 9.1.2.
. "$(dirname "$0")/lib.sh"

for server in redis-6.2.14 redis-8.2.3 valkey-8.1.8 valkey-9.1.2; do
    start $server
    python3 - $server "$port" <<'EOF'
import sys
from resp import Connection, done, expect

server, port = sys.argv[1:]
client, other = Connection(port), Connection(port)
for command in ["RPUSH list x", "SET text x", "HSET hash f x", "ZADD zset 1 x", "SADD set x", "SETBIT bits 3 1"]:
    other(*command.split())
redis, old, always, never = server.startswith("redis"), server == "redis-6.2.14", True, False
for command, conflict in [
    (("LTRIM", "list", "0", "-1"), redis), (("SET", "missing", "x", "PXAT", "1"), redis), (("SETBIT", "bits", "3", "1"), old),
    (("SET", "text", "x"), always), (("HSET", "hash", "f", "x"), always),
    (("ZADD", "zset", "1", "x"), never), (("SADD", "set", "x"), never),
]:
    client("WATCH", command[1])
    other(*command)
    expect(f"{server}: EXEC after {' '.join(command)}", client.transaction(("PING",))[-1], "null" if conflict else "[+PONG]")
done()
EOF
done
