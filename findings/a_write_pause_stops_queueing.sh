#!/usr/bin/env bash
# While writes are paused, a write that is to be queued gets no +QUEUED.
#
# One would guess: to queue a command changes nothing, so that +QUEUED comes at once, and EXEC is what waits for the
#   end of CLIENT PAUSE WRITE, or of the pause of a failover or of a slot migration.
# What happens: SET within MULTI waits for its +QUEUED until the pause ends, and so do PUBLISH, PFCOUNT and an EVAL
#   that only reads (that these wait outside of MULTI is documented). A transaction of reads passes. So a late +QUEUED
#   is no sign of a dead connection.
# Seen on: Redis 8.2.3, Valkey 8.1.8 and 9.1.2.
. "$(dirname "$0")/lib.sh"

for server in redis-8.2.3 valkey-8.1.8 valkey-9.1.2; do
    start $server
    python3 - $server "$port" <<'EOF'
import sys
from resp import Connection, done, expect

server, port = sys.argv[1:]
admin = Connection(port)
admin("PFADD", "visitors", "ada")
admin("CLIENT", "PAUSE", "60000", "WRITE")
waiting = {}
for command, passes in [
    (("SET", "k", "1"), False), (("PUBLISH", "news", "x"), False), (("PFCOUNT", "visitors"), False),
    (("EVAL", "return redis.call('GET', KEYS[1])", "1", "k"), False),
    (("GET", "k"), True), (("EVAL_RO", "return redis.call('GET', KEYS[1])", "1", "k"), True),
]:
    client = Connection(port)
    client("MULTI")
    client.send(*command)
    if passes:
        expect(f"{server}: {command[0]} behind MULTI", client.read(), "+QUEUED")
    else:
        expect(f"{server}: no reply to {command[0]} behind MULTI", client.silent(), True)
    waiting[command[0]] = client
expect(f"{server}: EXEC of a GET", waiting["GET"]("EXEC"), "[null]")
admin("CLIENT", "UNPAUSE")
expect(f"{server}: SET once the pause has ended", waiting["SET"].read(), "+QUEUED")
done()
EOF
done
