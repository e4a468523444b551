#!/usr/bin/env bash
# An error reply of Redis 8.2 may hold a bare line feed.
#
# One would guess: an error is one line, so that a reader may split lines at the line feed, as the servers do with
#   inline commands.
# What happens: the text of Lua's error() is passed on with the line feeds in it, and only CR LF ends the reply. A
#   reader that stops at the line feed finds a reply of an unknown type behind it. redis.error_reply puts a space
#   there, as Redis 6.2 and Valkey do for both.
# Seen on: Redis 8.2.3 (line feed); Redis 6.2.14, Valkey 8.1.8 and 9.1.2 (a space).
. "$(dirname "$0")/lib.sh"

for server in redis-6.2.14 redis-8.2.3 valkey-8.1.8 valkey-9.1.2; do
    start $server
    python3 - $server "$port" <<'EOF'
import sys
from resp import Connection, done, expect

server, port = sys.argv[1:]
client = Connection(port)
before, after = {
    "redis-6.2.14": ("-ERR Error running script (call to f_15efa32d4bc42a5dc9931de3b3449bdcb7b689b3): @user_script:1: ", ""),
    "valkey-9.1.2": ("-ERR ", " script: on @user_script:1."),
}.get(server, ("-ERR ", " script: 15efa32d4bc42a5dc9931de3b3449bdcb7b689b3, on @user_script:1."))
gap = "\n" if server == "redis-8.2.3" else " "
seen = client("EVAL", "error('first\\nsecond')", "0")
expect(f"{server}: error() with a line feed", repr(seen), repr(f"{before}user_script:1: first{gap}second{after}"))
seen = client("EVAL", "return redis.error_reply('first\\nsecond')", "0")
expect(f"{server}: redis.error_reply with a line feed", repr(seen), repr(("-" if "6.2" in server else "-ERR ") + "first second"))
done()
EOF
done
