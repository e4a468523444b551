#!/usr/bin/env bash
# WATCH after MULTI is an error on all servers; Redis commits the transaction all the same, Valkey aborts it.
#
# One would guess: an error while commands are queued makes EXEC an EXECABORT, as the documentation of transactions
#   says.
# What happens: Redis replies an error to WATCH (and to a nested MULTI) without marking the transaction, so EXEC
#   commits what was queued without the guard that was asked for. Valkey marks it, so that EXEC is EXECABORT.
# Seen on: Redis 6.2.14 and 8.2.3; Valkey 8.1.8 and 9.1.2.
. "$(dirname "$0")/lib.sh"

for server in redis-6.2.14 redis-8.2.3 valkey-8.1.8 valkey-9.1.2; do
    start $server
    python3 - $server "$port" <<'EOF'
import sys
from resp import Connection, done, expect

server, port = sys.argv[1:]
words = {
    "redis-6.2.14": ("-ERR WATCH inside MULTI is not allowed", "-ERR MULTI calls can not be nested"),
    "redis-8.2.3": ("-ERR WATCH inside MULTI is not allowed", "-ERR MULTI calls can not be nested"),
    "valkey-8.1.8": ("-ERR Command not allowed inside a transaction",) * 2,
    "valkey-9.1.2": ("-ERR Command 'watch' not allowed inside a transaction", "-ERR Command 'multi' not allowed inside a transaction"),
}[server]
exec_reply = "[+OK]" if server.startswith("redis") else "-EXECABORT Transaction discarded because of previous errors."
client = Connection(port)
for command, error in zip([("WATCH", "w"), ("MULTI",)], words):
    _, refused, queued, end = client.transaction(command, ("SET", "k", "1"))
    expect(f"{server}: {command[0]} after MULTI", refused, error)
    expect(f"{server}: SET", queued, "+QUEUED")
    expect(f"{server}: EXEC", end, exec_reply)
done()
EOF
done
