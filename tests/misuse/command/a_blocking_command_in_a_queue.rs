use typedis::{Client, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let queue = client.pipeline().incr("a").blpop::<String>("jobs", 1.0); //~ ERROR `Blpop<std::string::String>` cannot be queued
    //~^ HELP run it on the client, or on a watching pipeline before `multi()`
    drop(queue);
    Ok(())
}

fn main() {}
