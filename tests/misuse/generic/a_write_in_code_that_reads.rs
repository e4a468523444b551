use typedis::{ReadCommands, prelude::*};

pub async fn example(c: &mut impl ReadCommands) -> typedis::Result<i64> {
    c.incr("a").await //~ ERROR `Incr` may write, and this takes only commands that read
    //~^ HELP take `c: &mut impl Commands`
}

fn main() {}
