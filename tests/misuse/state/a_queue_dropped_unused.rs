#![deny(unused_must_use)]

use typedis::{Client, prelude::*};

pub fn example(client: &Client) {
    client.pipeline().incr("a"); //~ ERROR unused return value of `incr` that must be used
    //~^ HELP a queue sends nothing until it is executed
}

fn main() {}
