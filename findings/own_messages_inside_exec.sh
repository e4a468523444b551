#!/usr/bin/env bash
# Redis 6.2 writes pushes into the middle of EXEC's array, without counting them as elements.
#
# One would guess: a RESP3 push comes between two replies, never inside one, as the protocol's specification says.
# What happens: a client that subscribes to a channel and publishes to it within a transaction gets the message inside
#   the array of EXEC, in front of PUBLISH's own reply, on Redis 6.2. The array's length leaves it out, so a reader
#   that counts it as an element takes the last reply for the reply to the next command. Later servers write it behind
#   the array. The confirmation of a SUBSCRIBE in a transaction is the opposite on all servers: it is the element, and
#   counted, but with two channels it is one element and two frames.
# Seen on: Redis 6.2.14 (inside); Redis 8.2.3, Valkey 8.1.8 and 9.1.2 (behind); confirmations alike on all four.
. "$(dirname "$0")/lib.sh"

for server in redis-6.2.14 redis-8.2.3 valkey-8.1.8 valkey-9.1.2; do
    start $server
    python3 - $server "$port" <<'EOF'
import sys
from resp import Connection, done, expect

server, port = sys.argv[1:]
def frames(*commands):
    """All that arrives behind the last +QUEUED: the array's header, and each frame on its own."""
    client = Connection(port)
    client("SUBSCRIBE", "news")
    client("MULTI")
    for command in commands:
        client(*command)
    client.send("EXEC")
    client.send("ECHO", "end")
    lines = [client.line()]
    while lines[-1] != '"end"':
        lines.append(client.read())
    return " ".join(lines[:-1])

message = '>["message", "news", "hello"]'
expected = f"*2 {message} :1 +PONG" if server == "redis-6.2.14" else f"*2 :1 +PONG {message}"
expect(f"{server}: PUBLISH to a channel of its own, PING", frames(("PUBLISH", "news", "hello"), ("PING",)), expected)
expected = '*2 >["subscribe", "a", :2] >["subscribe", "b", :3] +PONG'
expect(f"{server}: SUBSCRIBE to two channels, PING", frames(("SUBSCRIBE", "a", "b"), ("PING",)), expected)
done()
EOF
done
