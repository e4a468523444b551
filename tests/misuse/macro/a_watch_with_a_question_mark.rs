use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    pipeline! { client =>
        watch("key")?; //~ ERROR `watch(..);` stands alone: the macro awaits it and hands on its error
        //~^ AT watch("key")?;
        multi();
        incr("key");
    }?;
    Ok(())
}

fn main() {}
