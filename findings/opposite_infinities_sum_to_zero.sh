#!/usr/bin/env bash
# In ZINTERSTORE and ZUNION, +inf and -inf add up to 0 and a weight of 0 makes inf 0; ZINCRBY refuses the same sum.
#
# One would guess: an error, as ZINCRBY has for a score that is not a number, or the member is left out.
# What happens: the sum of opposite infinities is 0, and so is inf with a weight of 0, without a word; the member then
#   stands between the others as if that were its score.
# Seen on: Redis 6.2.14 and 8.2.3, Valkey 8.1.8 and 9.1.2.
. "$(dirname "$0")/lib.sh"

for server in redis-6.2.14 redis-8.2.3 valkey-8.1.8 valkey-9.1.2; do
    start $server
    python3 - $server "$port" <<'EOF'
import sys
from resp import Connection, done, expect

server, port = sys.argv[1:]
client = Connection(port)
client("ZADD", "z", "inf", "a", "1", "b")
expect(f"{server}: ZINCRBY", client("ZINCRBY", "z", "-inf", "a"), "-ERR resulting score is not a number (NaN)")
expect(f"{server}: weights 1 and -1", client(*"ZUNION 2 z z WEIGHTS 1 -1 WITHSCORES".split()), '[["a", ,0], ["b", ,0]]')
expect(f"{server}: weight 0", client(*"ZINTER 1 z WEIGHTS 0 WITHSCORES".split()), '[["a", ,0], ["b", ,0]]')
done()
EOF
done
