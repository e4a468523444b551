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
    client.hset_field(account(1), Account::BALANCE, "much").await?; //~ ERROR a `&str` cannot be stored where a `i64` is read
    client.hincrby_field(account(1), Account::OWNER, 5).await?; //~ ERROR an `i64` cannot be added to a `
    //~| AT Account::OWNER
    Ok(())
}

fn main() {}
