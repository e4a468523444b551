#!/usr/bin/env bash
# In a cluster MSETEX is never redirected: any node writes keys of slots that are not its own, where no GET finds them.
#
# One would guess: MSETEX is MSET with a time to live, so for keys of another node it is MOVED, for keys of two slots
#   CROSSSLOT; and its command tips name it together with MSET, as one that a client splits by slot.
# What happens: it is :1, at each node, for keys of any slots, in MULTI too. The keys are written there. GET at that node is
#   MOVED, and the node that it names has no such key; KEYS and DBSIZE count the stray one. So a client whose map of slots
#   is old loses what it writes. COMMAND GETKEYS knows the keys, and the command that it replaces, MSET, is MOVED.
# Seen on: Valkey 9.1.2, which has it; the other servers here do not.
. "$(dirname "$0")/lib.sh"

server=valkey-9.1.2
start $server --cluster-enabled yes; first=$port
start $server --cluster-enabled yes
python3 - $server "$first" "$port" <<'END'
import sys
from resp import Connection, cluster, done, expect

server, *ports = sys.argv[1:]
cluster(*ports)
low, high = (Connection(port) for port in ports)
# The slots of b and c are those of the first node, that of a is of the second one.
moved = f"-MOVED 3300 127.0.0.1:{ports[0]}"
expect(f"{server}: MSET b at the wrong node", high("MSET", "b", "1"), moved)
expect(f"{server}: MSETEX b at the wrong node", high("MSETEX", "1", "b", "1", "EX", "100"), ":1")
expect(f"{server}: GET b there", high("GET", "b"), moved)
expect(f"{server}: GET b at the node of its slot", low("GET", "b"), "null")
expect(f"{server}: KEYS at the wrong node", high("KEYS", "*"), '["b"]')
crossed = "-CROSSSLOT Keys in request don't hash to the same slot"
expect(f"{server}: MSET c a", low("MSET", "c", "1", "a", "1"), crossed)
expect(f"{server}: MSETEX c a", low("MSETEX", "2", "c", "1", "a", "1", "EX", "100"), ":1")
expect(f"{server}: within MULTI", high.transaction(("MSETEX", "1", "c", "1"))[-1], "[:1]")
expect(f"{server}: COMMAND GETKEYS", low("COMMAND", "GETKEYS", "MSETEX", "2", "c", "1", "a", "1"), '["c", "a"]')
expect(f"{server}: ZUNION, which has the number of its keys too", high("ZUNION", "1", "b"), moved)
done()
END
