#!/usr/bin/env bash
# Some commands that fail, or change nothing, conflict with a WATCH all the same.
#
# One would guess: EXEC is null only if the watched key was changed, so a command that replies an error, or says that
#   it removed nothing, leaves a WATCH alone. So it is for strings, sets and lists.
# What happens: VADD with a wrong number of dimensions is an error, VREM and VSETATTR of a missing element reply
#   false, and each of them makes another client's EXEC null.
# Seen on: Redis 8.2.3.
. "$(dirname "$0")/lib.sh"

server=redis-8.2.3
start $server
python3 - $server "$port" <<'EOF'
import sys
from resp import Connection, done, expect

server, port = sys.argv[1:]
client, other = Connection(port), Connection(port)
other("VADD", "vectors", "VALUES", "3", "1", "0", "0", "x")
other("SADD", "set", "x")
other("SET", "text", "x")
for key, command, reply, exec_reply in [
    ("vectors", ("VADD", "vectors", "VALUES", "2", "1", "0", "y"), "-ERR Vector dimension mismatch - got 2 but set has 3", "null"),
    ("vectors", ("VREM", "vectors", "missing"), "#f", "null"),
    ("vectors", ("VSETATTR", "vectors", "missing", "{}"), "#f", "null"),
    ("vectors", ("SADD", "vectors", "x"), "-WRONGTYPE Operation against a key holding the wrong kind of value", "[+OK]"),
    ("set", ("SREM", "set", "missing"), ":0", "[+OK]"),
    ("text", ("INCR", "text"), "-ERR value is not an integer or out of range", "[+OK]"),
]:
    client("WATCH", key)
    expect(f"{server}: another client's {command[0]}", other(*command), reply)
    expect(f"{server}: EXEC", client.transaction(("SET", "k", "1"))[-1], exec_reply)
done()
EOF
