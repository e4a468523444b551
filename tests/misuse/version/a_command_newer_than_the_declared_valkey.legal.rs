use typedis::{key::need::AnyKind, version::Valkey9_0, Client};

typedis::commands! {
    /// Commands of this application.
    pub trait OwnCommands in own;

    /// Counts things.
    fn count_things(key @ AnyKind) -> Integer as i64
        = "THINGS.COUNT" as CountThings {
            since: redis "8.0.0", valkey "9.0.0", arity: 2, access: ReadOnly, effect: Preserves
        };
}

pub async fn example(client: &Client<Valkey9_0>) -> typedis::Result<i64> {
    client.count_things("a").await
}

fn main() {}
