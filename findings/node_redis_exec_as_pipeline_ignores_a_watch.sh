#!/usr/bin/env bash
# multi().execAsPipeline() of node-redis commits in spite of a broken WATCH, and lets the next transaction meet the
# conflict.
#
# One would guess: it differs from exec() in atomicity only, so that after watch() it rejects with a WatchError too,
#   or the WATCH is given up.
# What happens: the commands run without MULTI although the watched key was written. The WATCH stays on the
#   connection, which all callers share: the next exec(), of a transaction that never asked for a WATCH, rejects with
#   WatchError.
# Seen on: redis 6.3.1 (npm), against Redis 8.2.3.
. "$(dirname "$0")/lib.sh"

npm_packages redis@6.3.1
cat >"$folder/main.mjs" <<'EOF'
import { createClient } from "redis";

const url = `redis://127.0.0.1:${process.argv[2]}`;
const [client, other] = [createClient({ url }), createClient({ url })];
await Promise.all([client.connect(), other.connect()]);
const show = (promise) => promise.then(JSON.stringify, (error) => error.constructor.name);

await client.watch("k");
await other.incr("k");
console.log("watch, conflict, exec:", await show(client.multi().set("a", "1").exec()));
await client.watch("k");
await other.incr("k");
console.log("watch, conflict, execAsPipeline:", await show(client.multi().set("b", "1").execAsPipeline()));
console.log("another transaction's exec:", await show(client.multi().set("c", "1").exec()));
console.log("keys:", await show(other.exists(["a"])), await show(other.exists(["b"])), await show(other.exists(["c"])));
await Promise.all([client.close(), other.close()]);
EOF
start redis-8.2.3
expect_output node "$folder/main.mjs" "$port" <<'EOF'
watch, conflict, exec: WatchError
watch, conflict, execAsPipeline: ["OK"]
another transaction's exec: WatchError
keys: 0 1 0
EOF
