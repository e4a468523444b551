use typedis::{ClusterClient, pipeline};

pub async fn example(client: &ClusterClient) -> typedis::Result<()> {
    pipeline! { client => set("a", "text"); incr("{a}b"); rename("a", "c{a}") }?; 
    Ok(())
}

fn main() {}
