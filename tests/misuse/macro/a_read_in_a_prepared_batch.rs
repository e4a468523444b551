use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let batch = pipeline! {
        let now = get::<i64>("key")?; //~ ERROR a prepared pipeline has no connection to read on
        //~^ AT get
        set("key", now.unwrap_or(0));
    };
    drop(batch);
    Ok(())
}

fn main() {}
