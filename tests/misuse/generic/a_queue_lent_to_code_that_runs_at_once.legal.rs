use typedis::{Client, Commands, prelude::*};

async fn visit(c: &mut impl Commands) -> typedis::Result<i64> {
    c.incr("a").await
}

pub async fn example(client: &Client) -> typedis::Result<i64> {
    visit(&mut client.pipeline().watch("a").await?).await
}

fn main() {}
