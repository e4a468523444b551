use typedis::{ClusterClient, pipeline};

pub async fn example(client: &ClusterClient) -> typedis::Result<()> {
    pipeline! { client => set("a", "text"); incr("b") }?; //~ ERROR CROSSSLOT: `"b"` is of slot 3300 and `"a"` of slot 15495, and a transaction of a cluster is of one slot
    //~^ HELP one hash tag
    //~| AT "b"
    pipeline! { client => rename("{user:7}:cart", "old:{user:8}") }?; //~ ERROR CROSSSLOT: `"old:{user:8}"` is of slot 15155 and `"{user:7}:cart"` of slot 2780
    //~^ AT "old:{user:8}"
    pipeline! { client => del(["a", "b"]) }?; //~ ERROR CROSSSLOT: `"b"` is of slot 3300 and `"a"` of slot 15495
    //~^ AT "b"
    pipeline! { client.pipeline() => echo::<String>("c"); set("a", 1); incr("b") }?; //~ ERROR CROSSSLOT: this key is of `Slot<3300>` and an earlier key of `Slot<15495>`
    //~^ AT "b"
    Ok(())
}

fn main() {}
