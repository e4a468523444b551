use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    pipeline! { client =>
        watch("key");
        let now = get::<i64>("key")?.unwrap_or(0);
        multi();
        set("key", now + 1);
    }?;
    Ok(())
}

fn main() {}
