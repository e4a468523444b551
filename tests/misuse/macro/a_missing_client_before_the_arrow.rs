use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    pipeline! {
        => incr("key"); //~ ERROR expected a client before `=>`, such as `client => get("key")`
        //~^ AT =
    }?;
    drop(client);
    Ok(())
}

fn main() {}
