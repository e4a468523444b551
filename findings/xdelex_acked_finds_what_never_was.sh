#!/usr/bin/env bash
# XDELEX .. ACKED replies 2, "not deleted, still referenced", for an id that the stream never had.
#
# One would guess: -1, "no such entry", as XDELEX with KEEPREF or DELREF replies for it, and as is documented.
# What happens: while a group has not yet been given the last entries, ACKED replies 2 for any id above its last
#   delivered one, be there such an entry or not. Who waits for 1 or -1 to stop asking again, never stops.
# Seen on: Redis 8.2.3.
. "$(dirname "$0")/lib.sh"

start redis-8.2.3
python3 - "$port" <<'EOF'
import sys
from resp import Connection, done, expect

client = Connection(sys.argv[1])
client("XADD", "s", "1-1", "a", "b")
expect("ACKED without a group", client("XDELEX", "s", "ACKED", "IDS", "1", "9-9"), "[:-1]")
client("XGROUP", "CREATE", "s", "g", "0")
expect("KEEPREF with a group", client("XDELEX", "s", "KEEPREF", "IDS", "1", "9-9"), "[:-1]")
expect("ACKED with a group", client("XDELEX", "s", "ACKED", "IDS", "1", "9-9"), "[:2]")
expect("an entry that is there", client("XDELEX", "s", "ACKED", "IDS", "1", "1-1"), "[:2]")
done()
EOF
