use typedis::{Client, Retry, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let p = client.pipeline().retry_reads(Retry::new());
    p.get::<String>("a").append("b", 1).append("c", 2).get::<i64>("d").execute().await?; //~ ERROR `Append` may write, so this pipeline cannot be sent again
    //~^ HELP queue only commands that read
    //~| AT execute
    Ok(())
}

fn main() {}
