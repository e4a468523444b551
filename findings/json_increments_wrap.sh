#!/usr/bin/env bash
# JSON.NUMINCRBY wraps around at 64 bits.
#
# One would guess: an increment past the largest integer is an error, as with INCR, or the number becomes a double.
# What happens: 9223372036854775807 plus 1 is -9223372036854775808, and no error. Past the range of a double it is
#   one.
# Seen on: ReJSON 2.8.3 in Redis 8.2.3 and Valkey 9.1.2.
. "$(dirname "$0")/lib.sh"

module rejson
for server in redis-8.2.3 valkey-9.1.2; do
    start $server --loadmodule "$module"
    python3 - $server "$port" <<'EOF'
import sys
from resp import Connection, done, expect

server, port = sys.argv[1:]
client = Connection(port)
client("JSON.SET", "doc", "$", '{"n": 9223372036854775807}')
client("SET", "plain", "9223372036854775807")
expect(f"{server}: INCR", client("INCR", "plain"), "-ERR increment or decrement would overflow")
expect(f"{server}: JSON.NUMINCRBY", client("JSON.NUMINCRBY", "doc", "$.n", "1"), "[:-9223372036854775808]")
expect(f"{server}: JSON.GET", client("JSON.GET", "doc", "$.n"), '"[-9223372036854775808]"')
client("JSON.SET", "doc", "$.n", "1e308")
expect(f"{server}: JSON.NUMINCRBY of 1e308 by 1e308", client("JSON.NUMINCRBY", "doc", "$.n", "1e308"), "-ERR result is not a number")
done()
EOF
done
