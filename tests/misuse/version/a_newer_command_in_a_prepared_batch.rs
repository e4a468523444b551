use typedis::{pipeline, version::Redis6_2, Client};

pub async fn example(client: &Client<Redis6_2>) -> typedis::Result<()> {
    let batch = pipeline! { get::<String>("a"); lcs::<String>("a", "b") }; //~ ERROR came with `Redis7_0`, and this client declares `Redis6_2`
    //~^ HELP declare a newer server where the client is made
    //~| AT lcs
    batch.execute(client).await?;
    Ok(())
}

fn main() {}
