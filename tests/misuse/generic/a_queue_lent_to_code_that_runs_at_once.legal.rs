use typedis::{Client, Commands};

fn visit(_: &mut impl Commands) {}

pub async fn example(client: &Client) -> typedis::Result<()> {
    visit(&mut client.pipeline().watch("a").await?);
    Ok(())
}

fn main() {}
