use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let (next,) = pipeline! { client =>
        watch("key");
        multi();
        let one = 1; //~ ERROR only commands may stand after `multi()`
        incrby("key", one);
    }?;
    println!("{next}");
    Ok(())
}

fn main() {}
