use typedis::{Client, ClusterClient, pipeline};

pub async fn example(client: &ClusterClient) -> typedis::Result<()> {
    pipeline! { client =>
        watch("{apple}:stock");
        let stock = get::<i64>("{apple}:stock")?.unwrap_or(0);
        multi();
        set("{apple}:sold", stock);
    }?;
    Ok(())
}

pub async fn on_one_server(client: &Client) -> typedis::Result<()> {
    pipeline! { client =>
        watch(("stock", "{a}b"));
        let stock = get::<i64>("stock")?.unwrap_or(0);
        multi();
        set("sold", stock);
    }?;
    Ok(())
}

fn main() {}
