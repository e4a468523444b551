use typedis::Client;

pub async fn example(client: &Client) -> typedis::Result<()> {
    let idle = client.pipeline();
    let replies = idle.execute().await?; //~ ERROR a pipeline that is `Idle` has no queued commands
    //~^ HELP every command returns the next pipeline
    println!("{replies:?}");
    Ok(())
}

fn main() {}
