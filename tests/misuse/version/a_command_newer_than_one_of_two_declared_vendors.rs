use typedis::{key::need::AnyKind, version::{Redis8_0, Valkey8_1}, Client};

typedis::commands! {
    /// Commands of this application.
    pub trait OwnCommands in own;

    /// Counts things.
    fn count_things(key @ AnyKind) -> Integer as i64
        = "THINGS.COUNT" as CountThings {
            since: redis "8.0.0", valkey "9.0.0", arity: 2, access: ReadOnly, effect: Preserves
        };
}

pub async fn example(client: &Client<(Redis8_0, Valkey8_1)>) -> typedis::Result<i64> {
    client.count_things("a").await //~ ERROR `CountThings` came with `Valkey9_0`, and this client declares `(Redis8_0, Valkey8_1)`
    //~^ HELP declare a newer server where the client is made
    //~| AT count_things
}

fn main() {}
