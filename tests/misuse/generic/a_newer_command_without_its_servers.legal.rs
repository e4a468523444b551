use typedis::{Commands, prelude::*, version::Redis6_2};

pub async fn example(c: &mut impl Commands<Server = Redis6_2>) -> typedis::Result<Option<String>> {
    c.getdel("a").await
}

fn main() {}
