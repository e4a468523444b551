use typedis::Client;

pub async fn example(client: &Client) -> typedis::Result<()> {
    let idle = client.pipeline();
    let again = idle.discard().await; //~ ERROR a pipeline that is `Idle` has no queued commands to execute or discard
    //~^ HELP every command returns the next pipeline
    drop(again);
    Ok(())
}

fn main() {}
