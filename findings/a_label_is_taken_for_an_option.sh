#!/usr/bin/env bash
# The module of time series finds its options anywhere among the arguments: in the labels of a series, and in its key.
#
# One would guess: behind LABELS stand names and values, and the first argument is the key, whatever they are.
# What happens: TS.CREATE with a label `retention` sets the retention, and with a label whose value is `ignore` it fails;
#   TS.INCRBY of the key `timestamp` takes the increment for the time, without an error. Labels after SELECTED_LABELS and GROUPBY
#   are taken for options too.
# Seen on: RedisTimeSeries 1.12.2 in Redis 8.2.3 and Valkey 9.1.2.
. "$(dirname "$0")/lib.sh"

module redistimeseries
for server in redis-8.2.3 valkey-9.1.2; do
    start $server --loadmodule "$module"
    python3 - $server "$port" <<'EOF'
import sys
from resp import Connection, done, expect

server, port = sys.argv[1:]
client = Connection(port)
expect(f"{server}: TS.CREATE a LABELS retention 5", client("TS.CREATE", "a", "LABELS", "retention", "5"), "+OK")
expect(f"{server}: its retention is 5", "+retentionTime: :5" in client("TS.INFO", "a"), True)
expect(f"{server}: TS.CREATE b LABELS state ignore", client("TS.CREATE", "b", "LABELS", "state", "ignore"), "-ERR TSDB: Couldn't parse IGNORE")
expect(f"{server}: TS.INCRBY timestamp 5", client("TS.INCRBY", "timestamp", "5"), ":5")
done()
EOF
done
