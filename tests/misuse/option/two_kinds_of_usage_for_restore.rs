use typedis::{options::RestoreOptions, prelude::*, Client};

pub async fn example(client: &Client, dump: &[u8]) -> typedis::Result<()> {
    client.restore_with("a", 0, dump, RestoreOptions::new().idletime(60).freq(5)).await?; //~ ERROR this option contradicts `Idletime`, which was given before it
    //~^ HELP of options that exclude each other, give one
    //~| AT freq
    Ok(())
}

fn main() {}
