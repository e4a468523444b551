use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    pipeline! { client =>
        type("key"); //~ ERROR `type` is a keyword of Rust: search the documentation for `TYPE` to find its name
        //~^ AT type
    }?;
    Ok(())
}

fn main() {}
