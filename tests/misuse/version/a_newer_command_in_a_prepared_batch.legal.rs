use typedis::{pipeline, version::Redis6_2, Client};

pub async fn example(client: &Client<Redis6_2>) -> typedis::Result<()> {
    let batch = pipeline! { get::<String>("a"); getdel::<String>("b") };
    batch.execute(client).await?;
    Ok(())
}

fn main() {}
