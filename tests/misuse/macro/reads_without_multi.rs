use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    pipeline! { client =>
        watch("key"); //~ ERROR after the reads call `multi();`, and then the commands to commit
        //~^ AT watch
        let now = get::<i64>("key")?.unwrap_or(0);
        set("key", now + 1);
    }?;
    Ok(())
}

fn main() {}
