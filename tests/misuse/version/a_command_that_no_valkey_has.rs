use typedis::{key::need::AnyKind, version::{Redis8_4, Valkey9_2}, Client};

typedis::commands! {
    /// Commands of this application.
    pub trait OwnCommands in own;

    /// Digests the value.
    fn digest_of(key @ AnyKind) -> Integer as i64
        = "DIGEST" as OwnDigest {
            since: redis "8.4.0", valkey never, arity: 2, access: ReadOnly, effect: Preserves
        };
}

pub async fn example(client: &Client<(Redis8_4, Valkey9_2)>) -> typedis::Result<i64> {
    client.digest_of("a").await //~ ERROR no Valkey has `OwnDigest`, which came with `Redis8_4`, and this client declares `(Redis8_4, Valkey9_2)`
    //~^ HELP declare Redis alone where the client is made
    //~| AT digest_of
}

fn main() {}
