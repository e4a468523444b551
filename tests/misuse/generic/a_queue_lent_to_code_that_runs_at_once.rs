use typedis::{Client, Commands};

fn visit(_: &mut impl Commands) {}

pub fn example(client: &Client) {
    visit(&mut client.pipeline()); //~ ERROR `Pipeline<Idle>` does not take all commands at once
    //~^ HELP lend `&mut &client`, or `&mut tx` of a watching pipeline
}

fn main() {}
