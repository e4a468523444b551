use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    pipeline! { client =>
        let key = "key"; //~ ERROR expected a command, such as `get("key")`
        //~^ AT let key = "key";
        incr(key);
    }?;
    Ok(())
}

fn main() {}
