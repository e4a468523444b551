use typedis::{Commands, prelude::*};

pub async fn example(c: &mut impl Commands) -> typedis::Result<Option<String>> {
    c.getdel("a").await //~ ERROR `Getdel<_>` came with `Redis6_2`, and this client declares
    //~^ HELP impl Commands<Server =
}

fn main() {}
