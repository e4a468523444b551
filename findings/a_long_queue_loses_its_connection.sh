#!/usr/bin/env bash
# The commands queued by MULTI count to client-query-buffer-limit together, and past it the connection is closed
# without a word.
#
# One would guess: the limit is for one command that is still being received, so many small ones pass; and a limit
#   that is reached is an error reply and an EXECABORT.
# What happens: after about as many bytes as the limit (here 1 MiB; 1 GiB by default) the next command gets no reply
#   and the connection is closed. Nothing ran. On Redis 6.2 there is no such limit.
# Seen on: Redis 8.2.3, Valkey 8.1.8 and 9.1.2 (closed); Redis 6.2.14 (no limit).
. "$(dirname "$0")/lib.sh"

for server in redis-6.2.14 redis-8.2.3 valkey-8.1.8 valkey-9.1.2; do
    start $server --client-query-buffer-limit 1mb
    python3 - $server "$port" <<'EOF'
import sys
from resp import Connection, done, expect

server, port = sys.argv[1:]
client = Connection(port)
client("MULTI")
queued, reply = 0, "+QUEUED"
while reply == "+QUEUED" and queued < 2000:
    try:
        reply = client("SET", "k", "x" * 1000)
    except ConnectionError:
        reply = "EOF"
    queued += reply == "+QUEUED"
expect(f"{server}: the reply to the last of at most 2000 commands of 1 kB", reply, "+QUEUED" if "6.2" in server else "EOF")
expect(f"{server}: between 900 and 1100 were queued", 900 < queued < 1100, "6.2" not in server)
expect(f"{server}: EXISTS k", Connection(port)("EXISTS", "k"), ":0")
done()
EOF
done
