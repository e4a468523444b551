use typedis::{Commands, prelude::*};

pub async fn example(c: &mut impl Commands) -> typedis::Result<u64> {
    c.dbsize().await //~ ERROR `Dbsize` is for all nodes of a cluster, and a transaction runs on one of them
    //~^ HELP in generic code on a `client: &ClientOn<T, V>`
}

fn main() {}
