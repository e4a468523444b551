#!/usr/bin/env bash
# redis-py and coredis raise WatchError for a transaction that has committed; redis-py's retry loop then runs it twice.
#
# One would guess: WatchError says that nothing was done, so that a loop may try again, as both show in their docs.
# What happens: a pipeline that watches raises WatchError for a lost connection, too, also when EXEC had committed and
#   only its reply was lost. `transaction()`, the loop that redis-py has for it, takes that for a conflict, runs the
#   function again and commits twice. The two cases differ in the text of the error alone.
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


def withdraw(pipeline):
    balance = int(pipeline.get("ada"))
    pipeline.multi()
    pipeline.set("ada", balance - 10)


def with_redis_py():
    client = redis.Redis(port=relay.own_port, decode_responses=True)
    client.mset({"k": 0, "ada": 100})
    outcome = "none"
    with client.pipeline() as pipeline:
        pipeline.watch("k")
        pipeline.multi()
        pipeline.incr("k")
        relay.word = b"EXEC"
        try:
            pipeline.execute()
        except redis.WatchError:
            outcome = "WatchError"
    expect("redis-py: what execute() raises", outcome, "WatchError")
    expect("redis-py: what the key holds", client.get("k"), "1")
    relay.word = b"EXEC"
    expect("redis-py: what transaction() returns", client.transaction(withdraw, "ada"), [True])
    expect("redis-py: the balance after one withdrawal of 10", client.get("ada"), "80")


async def with_coredis():
    async with coredis.Redis(port=relay.own_port, decode_responses=True) as client:
        await client.set("k", 0)
        outcome = "none"
        relay.word = b"EXEC"
        try:
            async with client.pipeline(transaction=True) as pipeline:
                async with pipeline.watch("k"):
                    pipeline.incr("k")
        except coredis.exceptions.WatchError:
            outcome = "WatchError"
        expect("coredis: what the pipeline raises", outcome, "WatchError")
        expect("coredis: what the key holds", await client.get("k"), "1")


with_redis_py()
asyncio.run(with_coredis())
done()
EOF
