#!/usr/bin/env bash
# ioredis-mock rejects exec() for a command that fails, although all others have run, and overlooks FLUSHALL under a
# WATCH.
#
# One would guess: exec() resolves with an error beside the other replies, as ioredis does; and what is a conflict on
#   a server is one on the mock.
# What happens: exec() rejects with the error of the one command, which ioredis does only when nothing has run.
#   FLUSHALL under a WATCH is no conflict; an INCR that fails is one.
# Seen on: ioredis-mock 8.13.1, beside ioredis 5.11.1 on Redis 8.2.3.
. "$(dirname "$0")/lib.sh"

npm_packages ioredis@5.11.1 ioredis-mock@8.13.1
cat >"$folder/main.cjs" <<'EOF'
const sides = { ioredis: require("ioredis"), "ioredis-mock": require("ioredis-mock") };
const port = Number(process.argv[2]);
const main = async () => {
    for (const [side, Client] of Object.entries(sides)) {
        let [client, other] = [new Client(port), new Client(port)];
        await other.set("text", "x");
        const replies = await client.multi().lpush("text", "y").set("later", "1").exec()
            .then((replies) => replies.map(([error, reply]) => (error ? "error" : reply)).join(), () => "rejected");
        console.log(`${side}: LPUSH to a text, SET: ${replies}; the SET has run: ${(await other.get("later")) === "1"}`);
        for (const change of [["flushall"], ["incr", "text"], ["get", "text"], ["set", "text", "x"]]) {
            client.disconnect();
            client = new Client(port);
            await other.set("text", "x");
            await client.watch("text");
            await other[change[0]](...change.slice(1)).catch(() => {});
            const replies = await client.multi().set("k", "1").exec();
            console.log(`${side}: EXEC after ${change.join(" ")}: ${replies === null ? "null" : "committed"}`);
        }
        client.disconnect();
        other.disconnect();
    }
};
main();
EOF
start redis-8.2.3
expect_output node "$folder/main.cjs" "$port" <<'EOF'
ioredis: LPUSH to a text, SET: error,OK; the SET has run: true
ioredis: EXEC after flushall: null
ioredis: EXEC after incr text: committed
ioredis: EXEC after get text: committed
ioredis: EXEC after set text x: null
ioredis-mock: LPUSH to a text, SET: rejected; the SET has run: true
ioredis-mock: EXEC after flushall: committed
ioredis-mock: EXEC after incr text: null
ioredis-mock: EXEC after get text: committed
ioredis-mock: EXEC after set text x: null
EOF
