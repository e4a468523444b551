use typedis::{key::need::AnyKind, version::Valkey8_0, Client};

typedis::commands! {
    /// Commands of this application.
    pub trait OwnCommands in own;

    /// Shows the source.
    fn shown_source(key @ AnyKind) -> Integer as i64
        = "THINGS.SHOW" as ShownSource {
            since: redis never, valkey "8.0.0", arity: 2, access: ReadOnly, effect: Preserves
        };
}

pub async fn example(client: &Client<Valkey8_0>) -> typedis::Result<i64> {
    client.shown_source("a").await
}

fn main() {}
