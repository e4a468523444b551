use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    pipeline! { client =>
        watch("a");
        watch("b");
        multi();
        incr("b");
    }?;
    Ok(())
}

fn main() {}
