use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let (next,) = pipeline! { client => incr("key") }?;
    println!("{next:?}");
    Ok(())
}

fn main() {}
