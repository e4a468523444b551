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
    client.hget_field(account(1), Item::PRICE).await?; //~ ERROR mismatched types
    //~| AT Item::PRICE
    Ok(())
}

fn main() {}
