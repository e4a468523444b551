use typedis::{ClusterClient, pipeline};

pub async fn example(client: &ClusterClient) -> typedis::Result<()> {
    pipeline! { client =>
        watch("stock");
        let stock = get::<i64>("stock")?.unwrap_or(0);
        multi();
        set("sold", stock); //~ ERROR CROSSSLOT: `"sold"` is of slot 3222 and `"stock"` of slot 3902
        //~^ AT "sold"
    }?;
    pipeline! { client =>
        watch(("{a}b", "{b}a")); //~ ERROR CROSSSLOT: `"{b}a"` is of slot 3300 and `"{a}b"` of slot 15495
        multi();
    }?;
    Ok(())
}

fn main() {}
