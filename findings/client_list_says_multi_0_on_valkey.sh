#!/usr/bin/env bash
# On Valkey `multi=0` in CLIENT LIST may be a connection that is out of MULTI.
#
# One would guess: multi=-1 says that a connection is not in MULTI, and multi=0 that it has queued nothing yet, as
#   documented.
# What happens: on Valkey a connection says multi=0 ever after its first transaction, in MULTI or out of it, so that
#   an operator, or a test that looks for connections left in MULTI, cannot tell. RESET does not change it.
# Seen on: Valkey 8.1.8 and 9.1.2; Redis 6.2.14 and 8.2.3 say -1.
. "$(dirname "$0")/lib.sh"

for server in redis-6.2.14 redis-8.2.3 valkey-8.1.8 valkey-9.1.2; do
    start $server
    python3 - $server "$port" <<'EOF'
import re, sys
from resp import Connection, done, expect

server, port = sys.argv[1:]
client, operator = Connection(port), Connection(port)
number = client("CLIENT", "ID")[1:]
def multi():
    return re.search(r"multi=\S+", operator("CLIENT", "LIST", "ID", number)).group()
after = "multi=-1" if server.startswith("redis") else "multi=0"
expect(f"{server}: before the first MULTI", multi(), "multi=-1")
client("MULTI")
expect(f"{server}: after MULTI", multi(), "multi=0")
client("EXEC")
expect(f"{server}: after EXEC", multi(), after)
client("RESET")
expect(f"{server}: after RESET", multi(), after)
done()
EOF
done
