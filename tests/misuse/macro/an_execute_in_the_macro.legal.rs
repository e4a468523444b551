use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    pipeline! { client =>
        incr("key");
    }?;
    Ok(())
}

fn main() {}
