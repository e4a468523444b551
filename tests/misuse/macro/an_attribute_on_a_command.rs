use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    pipeline! { client =>
        #[cfg(unix)] //~ ERROR a command takes no attributes: its place in the tuple of replies is fixed
        //~^ AT #[cfg(unix)]
        incr("a");
    }?;
    Ok(())
}

fn main() {}
