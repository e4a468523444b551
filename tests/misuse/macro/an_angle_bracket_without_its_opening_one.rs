use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    pipeline! { client =>
        incr("key"); > //~ ERROR this `>` has no opening `<` at the start of the body
        //~^ AT >
    }?;
    Ok(())
}

fn main() {}
