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
    client.hset_field(account(1), Account::BALANCE, 5).await?;
    client.hincrby_field(account(1), Account::BALANCE, 5).await?;
    Ok(())
}

fn main() {}
