use typedis::{Client, HashFields, Key, key::Stream, prelude::*};

#[derive(HashFields)]
struct Order {
    item: String,
}

const ORDERS: Key<Stream<Order>> = Key::new("orders");

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.xadd(ORDERS, ("item", "pear")).await?; //~ ERROR cannot be stored where a
    client.hgetall(ORDERS).await?; //~ ERROR this key holds a `typedis::key::Stream<
    Ok(())
}

fn main() {}
