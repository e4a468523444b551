#!/usr/bin/env bash
# VSIM WITHSCORES is a map in RESP3, and an empty array if the key is missing.
#
# One would guess: the options decide the type of a reply, so that no matches are an empty map; or a missing key is
#   null, as for VINFO and VEMB.
# What happens: it is `[]` in place of `{}`; VLINKS, VEMB and VINFO of a missing key are null, and VDIM of one is an
#   error.
# Seen on: Redis 8.2.3.
. "$(dirname "$0")/lib.sh"

server=redis-8.2.3
start $server
python3 - $server "$port" <<'EOF'
import sys
from resp import Connection, done, expect

server, port = sys.argv[1:]
client = Connection(port)
client("VADD", "v", "VALUES", "2", "1", "0", "x")
for command, reply in [
    ("VSIM v VALUES 2 1 0 WITHSCORES", '{"x": ,1}'), ("VSIM missing VALUES 2 1 0 WITHSCORES", "[]"),
    ("VLINKS missing x", "null"), ("VEMB missing x", "null"), ("VINFO missing", "null"),
    ("VDIM missing", "-ERR key does not exist"), ("VCARD missing", ":0"),
]:
    expect(f"{server}: {command}", client(*command.split()), reply)
done()
EOF
