use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    'keys: for key in ["a", "b"] {
        pipeline! { client =>
            watch(key);
            let Some(now) = get::<i64>(key)? else { continue 'keys };
            multi();
            set(key, now + 1);
        }?;
    }
    Ok(())
}

fn main() {}
