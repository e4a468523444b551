use typedis::Client;

pub async fn example(client: &Client) -> typedis::Result<()> {
    let (a, b, c) = typedis::pipeline! { client => incr("a"); incr("b") }?; //~ ERROR mismatched types
    //~^ HELP expected a tuple with 2 elements, found one with 3 elements
    println!("{a} {b} {c}");
    Ok(())
}

fn main() {}
