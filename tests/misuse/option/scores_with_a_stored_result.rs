use typedis::{options::CombineOptions, prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.zunionstore_with("c", ["a", "b"], CombineOptions::new().withscores()).await?; //~ ERROR WITHSCORES does not go with a command that stores its result
    //~^ HELP leave out `.withscores()`
    Ok(())
}

fn main() {}
