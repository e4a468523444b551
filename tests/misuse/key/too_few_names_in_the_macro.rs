use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let (a,) = pipeline! { client => incr("a"); incr("b") }?; //~ ERROR mismatched types
    //~^ HELP expected a tuple with 2 elements, found one with 1 element
    println!("{a}");
    Ok(())
}

fn main() {}
