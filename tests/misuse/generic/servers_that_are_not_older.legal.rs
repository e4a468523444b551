use typedis::{Client, version::{Redis6_2, Redis7_0}};

pub fn example(client: &Client<Redis7_0>) -> Client<Redis6_2> {
    client.at_least(Redis6_2)
}

fn main() {}
