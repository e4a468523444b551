use typedis::{Client, version::{Redis6_2, Redis7_0}};

pub fn example(client: &Client<Redis6_2>) -> Client<Redis7_0> {
    client.at_least(Redis7_0) //~ ERROR the servers of `Redis6_2` are not all among those of `Redis7_0`
    //~^ HELP declare the servers where the client is made
}

fn main() {}
