use typedis::{ClusterClient, Retry, key::Str, keyspace, prelude::*};

keyspace! {
    pub STOCK: Str<i64> = "{{apple}}:stock";
    pub SOLD: Str<i64> = "{{apple}}:sold";
    pub PEARS: Str<i64> = "{{pear}}:stock";
}

mod shop {
    typedis::keyspace! {
        tag "shop";
        pub ORDERS: typedis::key::List<u64> = "orders";
    }
}

pub async fn example(client: &ClusterClient) -> typedis::Result<()> {
    client.pipeline().decr(STOCK).incr(SOLD).get(PEARS).execute().await?; //~ ERROR CROSSSLOT: the key of `Get<i64>` is of `Slot<5152>` and that of `Incr` of `Slot<7092>`, and a transaction of a cluster is of one slot
    //~^ HELP one hash tag
    //~| HELP `without_transaction()`
    //~| AT execute
    //~| LIST it has the commands
    client.pipeline().multi().incr("any").rpush(shop::ORDERS, 7).decr(&STOCK).execute_each().await?; //~ ERROR CROSSSLOT: the key of `Decr` is of `Slot<7092>` and that of `Rpush` of `Slot<3808>`
    //~^ AT execute_each
    //~| LIST it has the commands
    let tx = client.pipeline().watch(STOCK).await?;
    let queue = tx.multi().decr(STOCK).del([PEARS]);
    queue.execute().await?.committed()?; //~ ERROR CROSSSLOT: the key of `Del` is of `Slot<5152>` and that of `Decr` of `Slot<7092>`
    //~^ AT execute
    //~| LIST it has the commands
    let reads = client.pipeline().retry_reads(Retry::new()).get(STOCK).when(true, |p| p.get(SOLD));
    reads.strlen(PEARS).execute().await?; //~ ERROR CROSSSLOT: the key of `Strlen` is of `Slot<5152>` and that of `Get<i64>` of `Slot<7092>`
    //~^ LIST it has the commands
    client.replicas().pipeline().get(STOCK).get(PEARS).execute().await?; //~ ERROR CROSSSLOT: the key of `Get<i64>` is of `Slot<5152>` and that of `Get<i64>` of `Slot<7092>`
    //~^ LIST it has the commands
    Ok(())
}

fn main() {}
