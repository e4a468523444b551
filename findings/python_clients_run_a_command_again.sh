#!/usr/bin/env bash
# redis-py and coredis run an INCR again when the connection is lost before its reply has come; redis-py a transaction too.
#
# One would guess: what may have run is an error for the caller, since only the caller knows whether twice is right. At
#   least a transaction, whose point is all or nothing, is not sent a second time.
# What happens: with the settings that a client has when none are given, incr() is sent again on a new connection in
#   both, and returns 2 as if that were one increment. redis-py does so with a transaction, too: one transfer of 10 moves
#   20. With coredis the transaction is an error.
# Seen on: redis-py 8.1.0 and coredis 6.9.0, against Redis 8.2.3.
. "$(dirname "$0")/lib.sh"

python_packages redis==8.1.0 coredis==6.9.0
start redis-8.2.3
"$python" - "$port" <<'EOF'
import asyncio
import sys
import coredis
import redis
from relay import LosesOneReply
from resp import done, expect

relay = LosesOneReply(sys.argv[1])


def with_redis_py():
    client = redis.Redis(port=relay.own_port, decode_responses=True)
    client.mset({"hits": 0, "ada": 100, "bob": 0})
    relay.word = b"INCR"
    expect("redis-py: what one incr() returns", client.incr("hits"), 2)
    transfer = client.pipeline(transaction=True)
    transfer.decrby("ada", 10)
    transfer.incrby("bob", 10)
    relay.word = b"EXEC"
    expect("redis-py: what the transaction returns", transfer.execute(), [80, 20])
    expect("redis-py: the accounts after one transfer of 10", client.mget("ada", "bob"), ["80", "20"])


async def with_coredis():
    async with coredis.Redis(port=relay.own_port, decode_responses=True) as client:
        await client.mset({"hits": 0, "ada": 100, "bob": 0})
        relay.word = b"INCR"
        expect("coredis: what one incr() returns", await client.incr("hits"), 2)
        relay.word = b"EXEC"
        outcome = "none"
        try:
            async with client.pipeline(transaction=True) as transfer:
                transfer.decrby("ada", 10)
                transfer.incrby("bob", 10)
        except coredis.exceptions.ConnectionError:
            outcome = "ConnectionError"
        expect("coredis: what the transaction raises", outcome, "ConnectionError")
        expect("coredis: the accounts after one transfer of 10", await client.mget(["ada", "bob"]), ("90", "10"))


with_redis_py()
asyncio.run(with_coredis())
done()
EOF
