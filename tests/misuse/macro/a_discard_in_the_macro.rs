use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    pipeline! { client =>
        watch("key");
        discard(); //~ ERROR `discard` has no place here, the macro gives the connection back by itself
        //~^ AT discard
        multi();
        incr("key");
    }?;
    Ok(())
}

fn main() {}
