use typedis::{Client, HashFields, Key, key::Stream, prelude::*};

#[derive(HashFields)]
struct Order {
    item: String,
}

const ORDERS: Key<Stream<Order>> = Key::new("orders");

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.xadd(ORDERS, Order { item: "pear".into() }).await?;
    let orders = client.xrange(ORDERS, ..).await?;
    println!("{}", orders[0].fields.item);
    Ok(())
}

fn main() {}
