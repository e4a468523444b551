use typedis::{Commands, prelude::*};

pub async fn example(c: &mut impl Commands) -> typedis::Result<Vec<String>> {
    c.keys("*").await //~ ERROR `Keys<_>` is for all nodes of a cluster, and generic code may run on one of them
    //~^ HELP take the client itself
}

fn main() {}
