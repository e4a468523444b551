use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    pipeline! { client =>
        watch("key");
        multi(incr("key")); //~ ERROR `multi()` takes no arguments: the commands follow it, each as a statement
        //~^ AT multi(incr("key"))
    }?;
    Ok(())
}

fn main() {}
