use typedis::{Client, Retry, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let p = client.pipeline().retry_reads(Retry::new());
    p.each(["a", "b"], |p, key| p.append(key, 1)).execute_each().await?; //~ ERROR `Append` may write, so this pipeline cannot be sent again
    //~^ HELP queue only commands that read
    //~| AT execute_each
    Ok(())
}

fn main() {}
