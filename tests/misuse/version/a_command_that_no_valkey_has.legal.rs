use typedis::{key::need::AnyKind, version::Redis8_4, Client};

typedis::commands! {
    /// Commands of this application.
    pub trait OwnCommands in own;

    /// Digests the value.
    fn digest_of(key @ AnyKind) -> Integer as i64
        = "DIGEST" as OwnDigest {
            since: redis "8.4.0", valkey never, arity: 2, access: ReadOnly, effect: Preserves
        };
}

pub async fn example(client: &Client<Redis8_4>) -> typedis::Result<i64> {
    client.digest_of("a").await
}

fn main() {}
