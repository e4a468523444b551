#!/usr/bin/env bash
# FT.CREATE and FT.SEARCH in one transaction find what was written between them, and nothing that was there before.
#
# One would guess: within EXEC, as in general, a search finds what was written before it; so the index is full, or the
#   search an error while it is not.
# What happens: hashes that were written before FT.CREATE, in the same transaction too, are missing from the reply,
#   which says nothing of it, while one written behind FT.CREATE is there. FT.INFO says `indexing` 1. A moment later
#   all are found.
# Seen on: RediSearch 2.10.5 in Redis 8.2.3 and Valkey 9.1.2.
. "$(dirname "$0")/lib.sh"

module redisearch
for server in redis-8.2.3 valkey-9.1.2; do
    start $server --loadmodule "$module"
    python3 - $server "$port" <<'EOF'
import sys
from resp import Connection, done, expect, until

server, port = sys.argv[1:]
client = Connection(port, protocol=2)
client("HSET", "before", "t", "hello")
found = client.transaction(
    ("HSET", "within", "t", "hello"), ("FT.CREATE", "idx", "SCHEMA", "t", "TEXT"), ("HSET", "behind", "t", "hello"),
    ("FT.SEARCH", "idx", "hello", "NOCONTENT"),
)[-1]
expect(f"{server}: EXEC", found, '[:1, +OK, :1, [:1, "behind"]]')
until(lambda: client("FT.SEARCH", "idx", "hello", "NOCONTENT").startswith("[:3"))
expect(f"{server}: a moment later", client("FT.SEARCH", "idx", "hello", "NOCONTENT", "LIMIT", "0", "0"), "[:3]")
done()
EOF
done
