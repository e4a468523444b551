use typedis::{pipeline, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    pipeline! { client =>
        bf_add("a", "ada");
        json_del("b");
        json_set("c", 1);
        ts_incrby("d", 1.0);
    }?;
    Ok(())
}

fn main() {}
