use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    pipeline! { client => watch("key"); multi(); incr("key") }?;
    Ok(())
}

fn main() {}
