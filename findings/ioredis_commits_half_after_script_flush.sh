#!/usr/bin/env bash
# A transaction of ioredis with a script commits without the script after another client's SCRIPT FLUSH.
#
# One would guess: a command that defineCommand has made works in a transaction as it does alone, where ioredis sends
#   the script again after NOSCRIPT.
# What happens: within multi() a script that has run before goes as EVALSHA, and NOSCRIPT comes as an element of EXEC,
#   when the other commands have run. It is sent anew neither then nor in the next transaction.
# Seen on: ioredis 6.0.0, against Redis 8.2.3.
. "$(dirname "$0")/lib.sh"

npm_packages ioredis@6.0.0
cat >"$folder/main.mjs" <<'EOF'
import Redis from "ioredis";

const [client, other] = [new Redis(process.argv[2]), new Redis(process.argv[2])];
client.defineCommand("double", { numberOfKeys: 1, lua: "return redis.call('INCRBY', KEYS[1], redis.call('GET', KEYS[1]))" });
const transaction = async () => {
    const replies = await client.multi().set("k", 5).double("k").exec();
    return JSON.stringify(replies.map(([error, reply]) => error?.message ?? reply));
};
console.log("the first transaction:", await transaction());
await other.script("FLUSH");
console.log("after SCRIPT FLUSH:", await transaction(), "k:", await other.get("k"));
console.log("the next one:", await transaction(), "k:", await other.get("k"));
console.log("alone:", await client.double("k"));
client.disconnect();
other.disconnect();
EOF
start redis-8.2.3
expect_output node "$folder/main.mjs" "$port" <<'EOF'
the first transaction: ["OK",10]
after SCRIPT FLUSH: ["OK","NOSCRIPT No matching script. Please use EVAL."] k: 5
the next one: ["OK","NOSCRIPT No matching script. Please use EVAL."] k: 5
alone: 10
EOF
