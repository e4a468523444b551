use typedis::{Client, prelude::*};

pub struct Account {
    pub owner: String,
}

pub async fn example(client: &Client) -> typedis::Result<Account> {
    client.hgetall::<Account>("account:1").await //~ ERROR `Account` cannot be read from a reply of the shape `typedis::reply::Map<
    //~^ HELP derive `typedis::HashFields`
}

fn main() {}
