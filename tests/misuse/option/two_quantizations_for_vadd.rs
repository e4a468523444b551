use typedis::{commands::vector_set::VaddOptions, prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let options = VaddOptions::new().noquant().bin(); //~ ERROR this option contradicts `Noquant`, which was given before it
    client.vadd_with("fruits", [1.0_f32, 0.5], "apple", options).await?;
    Ok(())
}

fn main() {}
