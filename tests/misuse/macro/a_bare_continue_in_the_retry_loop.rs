use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    for key in ["a", "b"] {
        pipeline! { client =>
            watch(key);
            let Some(now) = get::<i64>(key)? else { continue }; //~ ERROR a bare `continue` here would meet the macro's own retry loop
            //~^ AT continue
            multi();
            set(key, now + 1);
        }?;
    }
    Ok(())
}

fn main() {}
