use typedis::{Client, Commands, prelude::*};

async fn visit(c: &mut impl Commands) -> typedis::Result<i64> {
    c.incr("a").await
}

pub async fn example(client: &Client) -> typedis::Result<i64> {
    visit(&mut client.pipeline()).await //~ ERROR `Pipeline<Idle>` does not take all commands at once
    //~^ HELP lend `&mut &client`, or `&mut tx` of a watching pipeline
}

fn main() {}
