use typedis::{Client, ClientOn, ClusterClient, pipeline, topology::Topology};

pub async fn example(client: &ClusterClient) -> typedis::Result<()> {
    pipeline! { client => set("{a}", "text"); incr("{a}:b") }?;
    pipeline! { client => rename("{user:7}:cart", "old:{user:7}") }?;
    pipeline! { client.pipeline().without_transaction() => set("a", "text"); incr("b"); rename("c", "d") }?;
    pipeline! { client => set("a", "b"); append("a", "c"); echo::<String>("d"); rpush("{a}list", ["e", "f"]) }?;
    let batch = pipeline! { set("a", "text"); incr("b") };
    batch.execute(client.pipeline().without_transaction()).await?;
    Ok(())
}

pub async fn on_one_server(client: &Client) -> typedis::Result<()> {
    pipeline! { client => set("a", "text"); incr("b"); rename("c", "d"); del(["e", "f"]) }?;
    Ok(())
}

pub async fn on_any<T: Topology>(client: &ClientOn<T>) -> typedis::Result<()> {
    pipeline! { client => set("a", "text"); incr("b"); rename("c", "d"); del(["e", "f"]) }?;
    Ok(())
}

fn main() {}
