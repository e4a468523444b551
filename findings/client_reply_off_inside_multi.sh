#!/usr/bin/env bash
# CLIENT REPLY inside a transaction leaves EXEC's array shorter than its header says.
#
# One would guess: EXEC's array has as many elements as its header announces, or there is no array at all.
# What happens: with CLIENT REPLY SKIP the header counts three and two arrive, and what is skipped is the reply to the
#   command behind EXEC; a reader takes a later reply for the last element. With OFF the array breaks off, and the
#   replies to later commands fill it once replies are on again. Valkey 9.1 refuses CLIENT REPLY while commands are
#   queued.
# Seen on: Redis 6.2.14 and 8.2.3, Valkey 8.1.8 (short); Valkey 9.1.2 (EXECABORT).
. "$(dirname "$0")/lib.sh"

for server in redis-6.2.14 redis-8.2.3 valkey-8.1.8 valkey-9.1.2; do
    start $server
    python3 - $server "$port" <<'EOF'
import sys
from resp import Connection, done, expect

server, port = sys.argv[1:]
def behind_exec(mode, *later):
    client = Connection(port)
    for command in [("MULTI",), ("GET", "missing"), ("CLIENT", "REPLY", mode), ("ECHO", "last")]:
        client(*command)
    for command in [("EXEC",), *later, ("ECHO", "end")]:
        client.send(*command)
    lines = [client.line()]
    while lines[-1] != '"end"':
        lines.append(client.read())
    return " ".join(lines)

aborted = "-EXECABORT Transaction discarded because of previous errors."
skip, off = ('*3 null "last" "end"', '*3 null +OK "end"')
if server == "valkey-9.1.2":
    skip, off = f'{aborted} "next" "end"', f'{aborted} +OK "end"'
expect(f"{server}: GET, CLIENT REPLY SKIP, ECHO last; then ECHO next, ECHO end", behind_exec("SKIP", ("ECHO", "next")), skip)
expect(f"{server}: GET, CLIENT REPLY OFF, ECHO last; then REPLY ON, ECHO end", behind_exec("OFF", ("CLIENT", "REPLY", "ON")), off)
done()
EOF
done
