use typedis::{key::need::AnyKind, version::Redis8_8, Client};

typedis::commands! {
    /// Commands of this application.
    pub trait OwnCommands in own;

    /// Counts up to a limit.
    fn limited(key @ AnyKind) -> Integer as i64
        = "THINGS.LIMITED" as Limited {
            since: redis "8.8.0", valkey never, arity: 2, access: ReadOnly, effect: Preserves,
            fallback: "use a `Script`, or INCR and EXPIRE in a transaction"
        };
}

pub async fn example(client: &Client<Redis8_8>) -> typedis::Result<i64> {
    client.limited("a").await
}

fn main() {}
