use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let key = "key";
    pipeline! { client => incr(key) }?;
    Ok(())
}

fn main() {}
