#!/usr/bin/env bash
# fakeredis overlooks conflicts that a server sees: a watched key that expires, and SWAPDB.
#
# One would guess: a test on fakeredis that passes shows that a compare-and-set is right; if the fake errs, it is on
#   the side of a conflict.
# What happens: EXEC commits when the watched key has expired since WATCH, and after SWAPDB has replaced it; Redis
#   replies null. The other way round, SADD of a member that is there and XGROUP CREATE are conflicts, which they are
#   not on a server.
# Seen on: fakeredis 2.40.0, beside Redis 8.2.3.
. "$(dirname "$0")/lib.sh"

python_packages redis==8.1.0 fakeredis==2.40.0
start redis-8.2.3
"$python" - "$port" <<'EOF'
import sys, time
import fakeredis, redis
from resp import done, expect

def exec_reply(connect, before, change, pause=0):
    """EXEC, as "null" or "committed", of a client that watches k while another one makes a change."""
    watcher, other = connect(), connect()
    other.flushall()
    other.execute_command(*before.split())
    pipe = watcher.pipeline()
    pipe.watch("k")
    time.sleep(pause)
    if change:
        other.execute_command(*change.split())
    pipe.multi()
    pipe.set("q", 1)
    try:
        pipe.execute()
        return "committed"
    except redis.WatchError:
        return "null"

fake = fakeredis.FakeServer(version=(8,))
sides = {"Redis 8.2.3": lambda: redis.Redis(port=int(sys.argv[1])), "fakeredis 2.40.0": lambda: fakeredis.FakeRedis(server=fake)}
for before, change, pause, replies in [
    ("SET k 1 PX 500", "", 0.7, ("null", "committed")),
    ("SET k 1", "SWAPDB 0 1", 0, ("null", "committed")),
    ("SADD k a", "SADD k a", 0, ("committed", "null")),
    ("XADD k 1-0 f v", "XGROUP CREATE k g 0", 0, ("committed", "null")),
    ("SET k 1", "SET k 1", 0, ("null", "null")),
]:
    for (side, connect), reply in zip(sides.items(), replies):
        expect(f"{side}: {before}, WATCH, {change or 'a pause'}, EXEC", exec_reply(connect, before, change, pause), reply)
done()
EOF
