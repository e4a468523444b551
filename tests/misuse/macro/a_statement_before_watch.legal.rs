use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let key = "key";
    pipeline! { client => watch(key); multi(); incr(key) }?;
    Ok(())
}

fn main() {}
