use typedis::{Client, HashFields, prelude::*};

#[derive(HashFields)]
pub struct Account {
    pub owner: String,
}

pub async fn example(client: &Client) -> typedis::Result<Account> {
    client.hgetall::<Account>("account:1").await
}

fn main() {}
