use typedis::{Client, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let keys = client.keys::<i64>("*").await?; //~ ERROR `i64` cannot be read from a reply of the shape `typedis::reply::Array<typedis::reply::Bulk>`
    //~^ HELP an `Array<Bulk>` as a `Vec<String>`
    println!("{keys}");
    Ok(())
}

fn main() {}
