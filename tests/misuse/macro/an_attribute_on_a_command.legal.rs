use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    pipeline! { client => when(cfg!(unix), |p| p.incr("a")) }?;
    Ok(())
}

fn main() {}
