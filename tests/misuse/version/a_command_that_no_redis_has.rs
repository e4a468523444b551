use typedis::{key::need::AnyKind, version::Redis8_12, Client};

typedis::commands! {
    /// Commands of this application.
    pub trait OwnCommands in own;

    /// Shows the source.
    fn shown_source(key @ AnyKind) -> Integer as i64
        = "THINGS.SHOW" as ShownSource {
            since: redis never, valkey "8.0.0", arity: 2, access: ReadOnly, effect: Preserves
        };
}

pub async fn example(client: &Client<Redis8_12>) -> typedis::Result<i64> {
    client.shown_source("a").await //~ ERROR no Redis has `ShownSource`, which came with `Valkey8_0`, and this client declares `Redis8_12`
    //~^ HELP declare Valkey alone where the client is made
    //~| AT shown_source
}

fn main() {}
