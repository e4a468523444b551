use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let (next,) = pipeline! { client => set("key", 1) }?;
    println!("{next:?}");
    Ok(())
}

fn main() {}
