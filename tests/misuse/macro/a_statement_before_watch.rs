use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    pipeline! { client =>
        let key = "key";
        watch(key); //~ ERROR `watch` must come first in the body: what stands before it is not guarded by it
        //~^ AT watch
        multi();
        incr(key);
    }?;
    Ok(())
}

fn main() {}
