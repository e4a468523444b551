use typedis::{key::need::AnyKind, version::Redis6_2, Client};

typedis::commands! {
    /// Commands of a module.
    pub trait OwnCommands in own;

    /// Counts things.
    fn count_things(key @ AnyKind) -> Integer as i64
        = "THINGS.COUNT" as CountThings {
            since: redis "6.0.0", arity: 2, access: ReadOnly, effect: Preserves
        };
}

pub async fn example(client: &Client<Redis6_2>) -> typedis::Result<i64> {
    client.count_things("a").await
}

fn main() {}
