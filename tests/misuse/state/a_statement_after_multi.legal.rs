use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let (next,) = pipeline! { client =>
        watch("key");
        let one = 1;
        multi();
        incrby("key", one);
    }?;
    println!("{next}");
    Ok(())
}

fn main() {}
