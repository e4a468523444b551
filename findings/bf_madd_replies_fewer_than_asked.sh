#!/usr/bin/env bash
# BF.MADD into a filter that is full replies fewer items than it was given, the last one an error.
#
# One would guess: the reply to a command on N items has N elements, as for MGET and SMISMEMBER.
# What happens: a filter that does not scale ends the array with an error inside it at the first item that does not
#   fit; nothing is said of the later ones, and what came before is kept. EXEC does not fail by it. BF.ADD of the same
#   item is the error itself.
# Seen on: RedisBloom 2.8.2 in Redis 8.2.3 and Valkey 9.1.2.
. "$(dirname "$0")/lib.sh"

module redisbloom
for server in redis-8.2.3 valkey-9.1.2; do
    start $server --loadmodule "$module"
    python3 - $server "$port" <<'EOF'
import sys
from resp import Connection, done, expect

server, port = sys.argv[1:]
client = Connection(port)
client("BF.RESERVE", "f", "0.01", "2", "NONSCALING")
full = "-ERR non scaling filter is full"
expect(f"{server}: BF.MADD f a b c d e, in EXEC", client.transaction(("BF.MADD", "f", *"abcde"))[-1], f"[[#t, #t, {full}]]")
expect(f"{server}: BF.ADD f c", client("BF.ADD", "f", "c"), full)
done()
EOF
done
