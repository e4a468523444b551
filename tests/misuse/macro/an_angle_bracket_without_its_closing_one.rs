use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    pipeline! { client =>
        < incr("key"); //~ ERROR this `<` has no closing `>` at the end of the body
        //~^ AT <
    }?;
    Ok(())
}

fn main() {}
