use typedis::{Client, Retry, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let batch = pipeline! { get::<String>("a") };
    batch.execute(client.pipeline().retry_reads(Retry::new())).await?; //~ ERROR a prepared batch cannot be sent as `Retrying<Transaction>`
    //~^ HELP execute it again yourself
    //~| AT execute
    Ok(())
}

fn main() {}
