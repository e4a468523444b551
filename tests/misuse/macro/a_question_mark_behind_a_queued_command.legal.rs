use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let (hits,) = pipeline! { client => incr("hits") }?;
    println!("{hits}");
    Ok(())
}

fn main() {}
