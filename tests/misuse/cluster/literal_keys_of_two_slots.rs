use typedis::{ClusterClient, pipeline};

pub async fn example(client: &ClusterClient) -> typedis::Result<()> {
    pipeline! { client => set("a", "text"); incr("b"); rename("a", "c") }?; //~ ERROR CROSSSLOT
    pipeline! { client.pipeline() => echo("a"); set("x", 1); incr("y") }?; //~ ERROR CROSSSLOT
    pipeline! { client =>
        watch("a");
        let a = get::<i64>("a")?.unwrap_or(0);
        multi();
        set("{b}:copy", a); //~ ERROR CROSSSLOT
    }?;
    Ok(())
}

fn main() {}
