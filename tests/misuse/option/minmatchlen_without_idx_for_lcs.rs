use typedis::{options::LcsOptions, prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.lcs_with("a", "b", LcsOptions::len().minmatchlen(4)).await?; //~ ERROR MINMATCHLEN needs the positions of the matches, and these options ask for the length alone
    //~^ HELP begin with `LcsOptions::idx()`
    //~| AT minmatchlen
    Ok(())
}

fn main() {}
