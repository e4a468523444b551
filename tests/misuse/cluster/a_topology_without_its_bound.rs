use typedis::{ClientOn, prelude::*};

pub async fn example<T>(client: &ClientOn<T>) -> typedis::Result<()> {
    client.pipeline().incr("a").execute().await?; //~ ERROR commands cannot be called on `Pipeline<Idle, AnyVersion, T>`
    //~^ HELP `T: typedis::topology::Topology`
    Ok(())
}

fn main() {}
