use typedis::{ClusterClient, key::Str, keyspace, pipeline};

keyspace! {
    pub STOCK: Str<i64> = "{{apple}}:stock";
    pub SOLD: Str<i64> = "{{pear}}:sold";
}

pub async fn example(client: &ClusterClient) -> typedis::Result<()> {
    pipeline! { client => decr(STOCK); incr(SOLD) }?; //~ ERROR CROSSSLOT: `SOLD` is of `Slot<5152>` and `STOCK` of `Slot<7092>`, and a transaction of a cluster is of one slot
    //~^ AT SOLD
    pipeline! { client => watch(&STOCK); multi(); incr("sold") }?; //~ ERROR CROSSSLOT: `"sold"` is of slot 3222 and `STOCK` of `Slot<7092>`
    //~^ AT "sold"
    Ok(())
}

fn main() {}
