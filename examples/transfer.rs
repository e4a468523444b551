//! A transfer between two accounts, with an error type of the application: `cargo run --example transfer`.

use typedis::{Client, Key, key::Str, pipeline, prelude::*};
use typedis_testing::demo_server;

#[derive(Debug)]
enum TransferError {
    /// The balance, which is less than the amount.
    Poor(i64),
    Redis(typedis::Error),
}

impl From<typedis::Error> for TransferError {
    fn from(error: typedis::Error) -> Self {
        TransferError::Redis(error)
    }
}

/// Returns the key of an account. Its value is a number, so a list command on it does not compile.
fn account(name: &str) -> Key<Str<i64>, String> {
    Key::named(format!("{{example:transfer}}:{name}"))
}

/// Moves `amount` and returns both balances. It is retried if another client writes one of the accounts meanwhile.
async fn transfer(client: &Client, from: &str, to: &str, amount: i64) -> Result<(i64, i64), TransferError> {
    let (from, to) = (account(from), account(to));
    let balances = pipeline! { client =>
        watch((&from, &to));
        let balance = get(&from)?.unwrap_or(0);
        if balance < amount {
            // Leaves the function: the watch ends, and nothing is sent.
            return Err(TransferError::Poor(balance));
        }
        multi();
        decrby(&from, amount);
        incrby(&to, amount);
    }?;
    Ok(balances)
}

#[tokio::main]
async fn main() -> Result<(), TransferError> {
    let server = demo_server().await;
    let client = Client::connect(server.url()).await?;
    client.mset([(account("ada"), 100), (account("bob"), 0)]).await?;

    let (ada, bob) = transfer(&client, "ada", "bob", 30).await?;
    println!("ada has {ada}, bob has {bob}");
    assert_eq!((ada, bob), (70, 30));

    match transfer(&client, "ada", "bob", 500).await {
        Ok(_) => unreachable!("ada has less than that"),
        Err(TransferError::Poor(balance)) => println!("ada has only {balance}, so nothing was moved"),
        Err(TransferError::Redis(error)) => return Err(error.into()),
    }
    Ok(())
}
