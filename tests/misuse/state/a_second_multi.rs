use typedis::{Client, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let queue = client.pipeline().multi().incr("a");
    let again = queue.multi(); //~ ERROR `multi` was called already
    //~^ HELP take the second one out
    drop(again);
    Ok(())
}

fn main() {}
