#!/usr/bin/env bash
# What DUMP returns of a plain string is refused by RESTORE of the other vendor, in one direction or in both.
#
# One would guess: a string is serialized alike by servers that share their history, so that RESTORE, and MIGRATE which
#   is made of both, carry it between Redis 8 and Valkey; only kinds that the other lacks would be refused.
# What happens: the payload ends in the version of the whole snapshot format, and a server refuses one above its own,
#   whatever the value is. Redis 8.2 takes what Valkey 8.1 dumps, and not the reverse; Redis 8.2 and Valkey 9.1 take
#   nothing of each other. FUNCTION DUMP is alike.
# Seen on: Redis 8.2.3, Valkey 8.1.8 and 9.1.2.
. "$(dirname "$0")/lib.sh"

ports=()
for server in redis-8.2.3 valkey-8.1.8 valkey-9.1.2; do start $server; ports+=("$port"); done
python3 - "${ports[@]}" <<'EOF'
import socket
import sys
from resp import done, expect

NAMES = ["Redis 8.2.3", "Valkey 8.1.8", "Valkey 9.1.2"]
TAKEN = {"Redis 8.2.3": {"Redis 8.2.3"}, "Valkey 8.1.8": set(NAMES), "Valkey 9.1.2": {"Valkey 9.1.2"}}


class Raw:
    """A connection for payloads, which are no text."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", int(port)))
        self.bytes = self.socket.makefile("rb")

    def __call__(self, *words):
        words = [word if isinstance(word, bytes) else word.encode() for word in words]
        self.socket.sendall(b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words))
        line = self.bytes.readline().strip()
        return self.bytes.read(int(line[1:]) + 2)[:-2] if line.startswith(b"$") else line


servers = {name: Raw(port) for name, port in zip(NAMES, sys.argv[1:])}
library = "#!lua name=l\nredis.register_function('f', function() return 1 end)"
for source, client in servers.items():
    client("SET", "k", "v")
    client("FUNCTION", "LOAD", library)
    value, functions = client("DUMP", "k"), client("FUNCTION", "DUMP")
    for destination, other in servers.items():
        for what, reply in [
            ("a string", other("RESTORE", "copy", "0", value, "REPLACE")),
            ("functions", other("FUNCTION", "RESTORE", functions, "REPLACE")),
        ]:
            taken = b"+OK" if destination in TAKEN[source] else b"-ERR DUMP payload version or checksum are wrong"
            expect(f"{what} of {source} to {destination}", reply, taken)
done()
EOF
