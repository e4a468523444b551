use typedis::Client;

pub async fn example(client: &Client) -> typedis::Result<()> {
    let tx = client.pipeline().watch("a").await?;
    let replies = tx.execute().await?; //~ ERROR a pipeline that is `Watching` has no queued commands
    //~^ HELP a watching pipeline begins its transaction by `multi()`
    println!("{replies:?}");
    Ok(())
}

fn main() {}
