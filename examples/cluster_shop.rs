//! The shop on a cluster, keys tagged by customer: `cargo run --example cluster_shop`.
//!
//! It uses the cluster at `REDIS_CLUSTER_URL`, such as `redis+cluster://127.0.0.1:7000`, else it starts three primaries of an
//! installed `redis-server` or `valkey-server`.
//!
//! All that one order changes is in the slot of its customer, so it is one transaction on one node, and customers are spread
//! over all nodes. What all customers share, the stock, is in a slot of its own: it cannot be in the same transaction, so it is
//! reserved before the order and given back if that fails.
//!
//! One slip was made on purpose, and the compiler catches it: had `SOLD` another tag than `PEARS`, such as `"{{sales}}:sold"`, the
//! transaction that takes a pear would be on two nodes:
//!
//! ```text
//! error[E0277]: CROSSSLOT: `SOLD` is of `Slot<2067>` and `PEARS` of `Slot<3902>`, and a transaction of a cluster is of one slot
//! ```

use std::env;
use typedis::{
    ClusterClient, Error, HashFields,
    key::{Hash, List, Str},
    keyspace, pipeline,
    prelude::*,
};
use typedis_testing::ClusterSet;

#[derive(HashFields)]
struct Account {
    owner: String,
    /// In cents.
    balance: i64,
}

keyspace! {
    /// The number of pears that are left.
    PEARS: Str<i64> = "{{stock}}:pears";
    /// The number of pears that were ever taken from the stock.
    SOLD: Str<i64> = "{{stock}}:sold";
    account(customer: u64): Hash<Account> = "{{customer:{customer}}}:account";
    /// The items that a customer has bought.
    bought(customer: u64): List<String> = "{{customer:{customer}}}:bought";
}

/// The price of a pear in cents.
const PRICE: i64 = 50;

#[derive(Debug)]
enum ShopError {
    SoldOut,
    /// The missing cents.
    Poor(i64),
    Redis(Error),
}

impl From<Error> for ShopError {
    fn from(error: Error) -> Self {
        ShopError::Redis(error)
    }
}

/// Sells a pear: takes one from the stock, then the money and the item in one transaction.
async fn buy(client: &ClusterClient, customer: u64) -> Result<i64, ShopError> {
    let (left, _) = pipeline! { client => decr(PEARS); incr(SOLD) }?;
    if left < 0 {
        give_back(client).await?;
        return Err(ShopError::SoldOut);
    }
    let paid = pay(client, customer).await;
    // An order that may have been paid keeps its pear.
    if paid.as_ref().is_err_and(|error| !matches!(error, ShopError::Redis(error) if error.may_have_run())) {
        give_back(client).await?;
    }
    paid
}

async fn give_back(client: &ClusterClient) -> Result<(), ShopError> {
    pipeline! { client => incr(PEARS); decr(SOLD) }?;
    Ok(())
}

async fn pay(client: &ClusterClient, customer: u64) -> Result<i64, ShopError> {
    let (balance, _) = pipeline! { client =>
        watch(account(customer));
        let balance = hget_field(account(customer), Account::BALANCE)?.unwrap_or(0);
        if balance < PRICE {
            return Err(ShopError::Poor(PRICE - balance));
        }
        multi();
        hincrby_field(account(customer), Account::BALANCE, -PRICE);
        // A key of another customer, whose tag is known at run time only, is an `Error::CrossSlot` before anything is sent.
        rpush(bought(customer), "pear");
    }?;
    Ok(balance)
}

#[tokio::main]
async fn main() -> Result<(), ShopError> {
    let (url, _cluster) = match env::var("REDIS_CLUSTER_URL") {
        Ok(url) => (url, None),
        Err(_) => {
            let cluster = ClusterSet::start().await;
            (cluster.url(), Some(cluster))
        }
    };
    println!("on {url}");
    let client = ClusterClient::connect(&url).await?;

    pipeline! { client => set(PEARS, 3); set(SOLD, 0) }?;
    for (customer, owner, balance) in [(1, "Ada", 120), (2, "Bob", 40), (3, "Cleo", 500)] {
        client.hset(account(customer), &Account { owner: owner.into(), balance }).await?;
        println!("{owner} is in slot {}", account(customer).slot());
    }
    for customer in [1, 2, 3, 1, 3, 3] {
        match buy(&client, customer).await {
            Ok(balance) => println!("customer {customer} has bought a pear, and {balance} cents left"),
            Err(ShopError::Poor(missing)) => {
                println!("customer {customer} lacks {missing} cents, so nothing was taken")
            }
            Err(ShopError::SoldOut) => println!("customer {customer} comes too late: no pear is left"),
            Err(ShopError::Redis(error)) => return Err(error.into()),
        }
    }

    // What belongs to several customers is read side by side, and it is no snapshot.
    let queue = client.pipeline().without_transaction();
    let hlist_pat![bought, left] =
        queue.each(1..=3, |p, customer| p.llen(bought(customer))).get(PEARS).execute().await?;
    println!("bought: {bought:?}, left: {left:?}");
    assert_eq!((bought, left), (vec![2, 0, 1], Some(0)));
    Ok(())
}
