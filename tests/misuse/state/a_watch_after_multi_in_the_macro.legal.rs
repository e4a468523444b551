use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let (next,) = pipeline! { client =>
        watch("key");
        multi();
        incr("key");
    }?;
    println!("{next}");
    Ok(())
}

fn main() {}
