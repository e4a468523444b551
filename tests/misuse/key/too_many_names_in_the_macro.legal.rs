use typedis::Client;

pub async fn example(client: &Client) -> typedis::Result<()> {
    let (a, b) = typedis::pipeline! { client => incr("a"); incr("b") }?;
    println!("{a} {b}");
    Ok(())
}

fn main() {}
