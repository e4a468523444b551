#!/usr/bin/env bash
# The reply to SET with IFEQ and GET does not tell whether the value was set.
#
# One would guess: as with NX and GET, a reply can be told apart: null for done, the old value for refused.
# What happens: the old value comes back in either case, so `SET k new IFEQ old GET` replies "old" when it is done,
#   and the value that was in the way when it is refused; only the comparison with the condition tells. Of a missing
#   key the reply is null, and nothing is set.
# Seen on: Valkey 8.1.8 and 9.1.2.
. "$(dirname "$0")/lib.sh"

for server in valkey-8.1.8 valkey-9.1.2; do
    start $server
    python3 - $server "$port" <<'EOF'
import sys
from resp import Connection, done, expect

server, port = sys.argv[1:]
client = Connection(port)
client("SET", "k", "old")
expect(f"{server}: SET k new NX GET, refused", client("SET", "k", "new", "NX", "GET"), '"old"')
expect(f"{server}: SET k new IFEQ other GET, refused", client("SET", "k", "new", "IFEQ", "other", "GET"), '"old"')
expect(f"{server}: SET k new IFEQ old GET, done", client("SET", "k", "new", "IFEQ", "old", "GET"), '"old"')
expect(f"{server}: k", client("GET", "k"), '"new"')
expect(f"{server}: SET missing new NX GET, done", client("SET", "missing", "new", "NX", "GET"), "null")
client("DEL", "missing")
expect(f"{server}: SET missing new IFEQ old GET, refused", client("SET", "missing", "new", "IFEQ", "old", "GET"), "null")
expect(f"{server}: EXISTS missing", client("EXISTS", "missing"), ":0")
done()
EOF
done
