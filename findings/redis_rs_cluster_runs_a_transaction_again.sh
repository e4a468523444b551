#!/usr/bin/env bash
# The cluster connection of redis-rs runs an INCR, and a transaction, again when the connection is lost before its reply.
#
# One would guess: an error for the caller, as the same crate's ConnectionManager returns, since both may have run.
# What happens: both are sent again, and the caller sees a success: one INCR makes 2, and so does an atomic pipeline,
#   MULTI and EXEC included.
# Seen on: redis 1.2.2 (crate) with `cluster-async`, against Redis 8.2.3.
. "$(dirname "$0")/lib.sh"

cargo_program client \
    'redis = { version = "=1.2.2", default-features = false, features = ["cluster-async", "connection-manager", "tokio-comp"] }' \
    'tokio = { version = "=1.54.1", features = ["macros", "rt"] }' <<'EOF'
use redis::{aio::ConnectionLike, cluster::ClusterClient, Client};

/// Sends one INCR, plain or in a transaction, and prints what it returns.
async fn increment(mut connection: impl ConnectionLike, transaction: bool) {
    let result: redis::RedisResult<(i64,)> = if transaction {
        redis::pipe().atomic().cmd("INCR").arg("hits").query_async(&mut connection).await
    } else {
        redis::cmd("INCR").arg("hits").query_async(&mut connection).await.map(|hits: i64| (hits,))
    };
    println!("{}", result.map_or("an error".into(), |(hits,)| hits.to_string()));
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let [_, kind, port, what] = &std::env::args().collect::<Vec<_>>()[..] else { panic!("kind, port, what") };
    let url = format!("redis://127.0.0.1:{port}");
    if kind == "cluster" {
        increment(ClusterClient::new([url]).unwrap().get_async_connection().await.unwrap(), what == "transaction").await;
    } else {
        increment(Client::open(url).unwrap().get_connection_manager().await.unwrap(), what == "transaction").await;
    }
}
EOF
start redis-8.2.3 --cluster-enabled yes
node=$port
start redis-8.2.3
python3 - "$program" "$node" "$port" <<'EOF'
import subprocess
import sys
from relay import LosesOneReply
from resp import Connection, cluster, done, expect

program, node, alone = sys.argv[1:]
cluster(node)
for kind, port in [("cluster", node), ("manager", alone)]:
    server, relay = Connection(port), LosesOneReply(port)
    if kind == "cluster":
        server("CONFIG", "SET", "cluster-announce-port", relay.own_port)
    for what, word in [("one INCR", b"hits"), ("transaction", b"EXEC")]:
        server("DEL", "hits")
        relay.word = word
        seen = subprocess.run([program, kind, str(relay.own_port), what], capture_output=True, text=True, timeout=60).stdout
        again = kind == "cluster"
        expect(f"{kind}, {what}: returns", seen.strip(), "2" if again else "an error")
        expect(f"{kind}, {what}: the counter", server("GET", "hits"), '"2"' if again else '"1"')
done()
EOF
