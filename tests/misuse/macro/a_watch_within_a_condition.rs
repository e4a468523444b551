use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    pipeline! { client =>
        watch("a");
        if exists("a").await? == 1 { watch("b").await?; } //~ ERROR `watch(..);` stands at the top level of the body
        //~^ AT watch
        multi();
        incr("b");
    }?;
    Ok(())
}

fn main() {}
