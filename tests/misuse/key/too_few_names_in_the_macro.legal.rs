use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let (a, _) = pipeline! { client => incr("a"); incr("b") }?;
    println!("{a}");
    Ok(())
}

fn main() {}
