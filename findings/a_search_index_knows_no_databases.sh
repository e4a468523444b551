#!/usr/bin/env bash
# A search index takes in the hashes of every database, and FLUSHDB of any database drops it.
#
# One would guess: an index, which can be created in database 0 only, holds hashes of database 0; and FLUSHDB touches
#   nothing but the database that is selected.
# What happens: a hash of database 1 is counted by a search in database 0, with null for its fields; one of the same
#   name replaces the document of database 0; DEL in database 1 removes that from the index; FLUSHDB of database 5,
#   which is empty, drops all indexes.
# Seen on: RediSearch 2.10.5 in Redis 8.2.3 and Valkey 9.1.2.
. "$(dirname "$0")/lib.sh"

module redisearch
for server in redis-8.2.3 valkey-9.1.2; do
    start $server --loadmodule "$module"
    python3 - $server "$port" <<'EOF'
import sys
from resp import Connection, done, expect

server, port = sys.argv[1:]
zero, one = Connection(port, protocol=2), Connection(port, protocol=2)
one("SELECT", "1")
expect(f"{server}: FT.CREATE in database 1", one("FT.CREATE", "idx", "SCHEMA", "t", "TEXT"), "-Cannot create index on db != 0")
zero("FT.CREATE", "idx", "SCHEMA", "t", "TEXT")
zero("HSET", "both", "t", "hello")
expect(f"{server}: search for hello", zero("FT.SEARCH", "idx", "hello"), '[:1, "both", ["t", "hello"]]')
one("HSET", "only-in-1", "t", "hello")
found = zero("FT.SEARCH", "idx", "hello", "RETURN", "1", "t")
expect(f"{server}: after HSET in database 1", found, '[:2, "both", ["t", "hello"], "only-in-1", null]')
one("HSET", "both", "t", "other")
expect(f"{server}: after HSET of the other's name there", zero("FT.SEARCH", "idx", "hello", "NOCONTENT"), '[:1, "only-in-1"]')
expect(f"{server}: search for its text there", zero("FT.SEARCH", "idx", "other", "NOCONTENT"), '[:1, "both"]')
one("DEL", "both")
expect(f"{server}: after DEL there", zero("FT.SEARCH", "idx", "*", "NOCONTENT"), '[:1, "only-in-1"]')
expect(f"{server}: the hash of database 0", zero("HGETALL", "both"), '["t", "hello"]')
one("SELECT", "5")
one("FLUSHDB")
expect(f"{server}: search after FLUSHDB of database 5", zero("FT.SEARCH", "idx", "hello"), "-idx: no such index")
done()
EOF
done
