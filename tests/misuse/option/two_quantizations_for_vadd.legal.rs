use typedis::{commands::vector_set::VaddOptions, prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let options = VaddOptions::new().noquant();
    client.vadd_with("fruits", [1.0_f32, 0.5], "apple", options).await?;
    Ok(())
}

fn main() {}
