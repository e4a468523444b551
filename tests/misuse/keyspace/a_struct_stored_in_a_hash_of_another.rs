use typedis::{key::Hash, keyspace, prelude::*, Client, HashFields};

#[derive(HashFields)]
pub struct Account {
    pub owner: String,
    pub balance: i64,
}

#[derive(HashFields)]
pub struct Item {
    pub price: i64,
}

keyspace! { pub account(id: u64): Hash<Account> = "account:{id}"; }

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.hset(account(1), &Item { price: 5 }).await?; //~ ERROR cannot be stored where
    client.hset(account(1), ("balance", 5)).await?; //~ ERROR cannot be stored where
    client.hget(account(1), "balance").await?; //~ ERROR cannot be read from a reply of the shape `typedis::reply::Bulk`
    //~^ REPEATS at the whole call, since 1.97
    Ok(())
}

fn main() {}
