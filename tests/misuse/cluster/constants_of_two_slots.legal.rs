use typedis::{Client, ClientOn, ClusterClient, key::Str, keyspace, pipeline, prelude::*, topology::Topology};

keyspace! {
    pub STOCK: Str<i64> = "{{apple}}:stock";
    pub SOLD: Str<i64> = "{{apple}}:sold";
    pub PEARS: Str<i64> = "{{pear}}:stock";
    pub GRAPES: Str<i64> = "grapes";
    pub FIGS: Str<i64> = "figs";
}

const COUNT: i64 = 5;

pub async fn example(client: &ClusterClient) -> typedis::Result<()> {
    pipeline! { client => decrby(STOCK, COUNT); incrby(SOLD, COUNT) }?;
    pipeline! { client.pipeline().without_transaction() => decr(STOCK); incr(PEARS) }?;
    client.mget::<i64>((STOCK, PEARS)).await?;
    Ok(())
}

pub async fn on_one_server(client: &Client) -> typedis::Result<()> {
    pipeline! { client => decr(STOCK); incr(PEARS); decr(GRAPES); incr(FIGS) }?;
    client.mget::<i64>([GRAPES, FIGS]).await?;
    client.mget::<i64>([STOCK, SOLD]).await?;
    client.mget::<i64>([STOCK.untagged(), PEARS.untagged(), FIGS]).await?;
    Ok(())
}

pub async fn on_any<T: Topology>(client: &ClientOn<T>) -> typedis::Result<()> {
    pipeline! { client => decr(STOCK); incr(PEARS) }?;
    Ok(())
}

fn main() {}
