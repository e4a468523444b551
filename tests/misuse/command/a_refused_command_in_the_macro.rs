use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    pipeline! { client =>
        save(); //~ ERROR `Save` cannot be queued
        //~^ AT save
    }?;
    Ok(())
}

fn main() {}
