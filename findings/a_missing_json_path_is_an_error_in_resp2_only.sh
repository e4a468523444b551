#!/usr/bin/env bash
# A JSON path that is missing is an error in RESP2, and an empty array, a success, in RESP3.
#
# One would guess: the protocol changes the form of a reply, but not whether it is an error.
# What happens: JSON.NUMINCRBY with a path of the old form (`.n`) that does not exist is an error in RESP2, and `[]`
#   in RESP3. A path to a text is an error in RESP2, and `[null]` in RESP3. So HELLO 3 turns off a program's error
#   handling.
# Seen on: ReJSON 2.8.3 in Redis 8.2.3 and Valkey 9.1.2.
. "$(dirname "$0")/lib.sh"

module rejson
for server in redis-8.2.3 valkey-9.1.2; do
    start $server --loadmodule "$module"
    python3 - $server "$port" <<'EOF'
import sys
from resp import Connection, done, expect

server, port = sys.argv[1:]
resp3, resp2 = Connection(port), Connection(port, protocol=2)
resp3("JSON.SET", "doc", "$", '{"text": "x"}')
for path, reply in [("missing", "[]"), ("text", "[null]")]:
    error = f"-ERR Path '$.{path}' does not exist or does not contains a number"
    expect(f"{server}: JSON.NUMINCRBY .{path}, RESP2", resp2("JSON.NUMINCRBY", "doc", f".{path}", "1"), error)
    expect(f"{server}: JSON.NUMINCRBY .{path}, RESP3", resp3("JSON.NUMINCRBY", "doc", f".{path}", "1"), reply)
done()
EOF
done
