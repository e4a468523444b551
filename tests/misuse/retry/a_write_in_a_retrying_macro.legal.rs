use typedis::{Client, Retry, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    pipeline! { client.pipeline().retry_reads(Retry::new()) =>
        get::<String>("a");
        strlen("b");
    }?;
    Ok(())
}

fn main() {}
