use typedis::{Commands, prelude::*};

pub async fn example(c: &mut impl Commands) -> typedis::Result<i64> {
    c.incr("a").await
}

fn main() {}
