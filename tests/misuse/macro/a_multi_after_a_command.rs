use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    pipeline! { client =>
        incr("a");
        multi(); //~ ERROR `multi` must come before the commands
        //~^ AT multi
        incr("b");
    }?;
    Ok(())
}

fn main() {}
