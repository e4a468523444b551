use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    loop {
        pipeline! { client =>
            watch("key");
            if get::<i64>("key").await?.is_none() { break } //~ ERROR a bare `break` here would meet the macro's own retry loop
            //~^ AT break
            multi();
            incr("key");
        }?;
    }
    Ok(())
}

fn main() {}
