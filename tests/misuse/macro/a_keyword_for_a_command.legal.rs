use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    pipeline! { client => type_of("key") }?;
    Ok(())
}

fn main() {}
