use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    pipeline! { client =>
        watch("key");
        let queue = multi(); //~ ERROR `multi();` stands alone: the commands follow it, each as a statement
        //~^ AT let queue = multi();
        incr("key");
    }?;
    Ok(())
}

fn main() {}
