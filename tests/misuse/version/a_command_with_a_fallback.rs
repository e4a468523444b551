use typedis::{key::need::AnyKind, version::{Redis7_4, Valkey9_0}, Client};

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

pub async fn example(client: &Client<(Redis7_4, Valkey9_0)>) -> typedis::Result<i64> {
    client.limited("a").await //~ ERROR THINGS.LIMITED came with Redis 8.8 and is in no Valkey, and this client declares `(Redis7_4, Valkey9_0)`
    //~^ HELP use a `Script`, or INCR and EXPIRE in a transaction
    //~| AT limited
}

fn main() {}
