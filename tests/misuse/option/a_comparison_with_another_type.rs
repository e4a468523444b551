use typedis::{key::Str, options::SetOptions, prelude::*, Client, Key};

const HITS: Key<Str<i64>> = Key::new("hits");

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.set_with(HITS, 1, SetOptions::new().ifeq("none")).await?; //~ ERROR the command needs a `typedis::key::Str<WritesIf<{integer}, IfEq, &str>>`
    //~^ HELP as what the command needs
    Ok(())
}

fn main() {}
