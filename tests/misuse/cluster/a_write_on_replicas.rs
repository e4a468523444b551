use typedis::{ClusterClient, Script, pipeline, prelude::*};

pub async fn example(client: &ClusterClient, script: &Script<i64>) -> typedis::Result<()> {
    let replicas = client.replicas();
    client.replicas().incr("a").await?; //~ ERROR `Incr` may write, and replicas serve only reads
    //~^ HELP run it on the client itself
    //~| AT incr
    replicas.pipeline().get::<i64>("a").append("a", "x").execute().await?; //~ ERROR `Append` may write, and replicas serve only reads
    //~^ AT append
    pipeline! { replicas =>
        get::<i64>("a");
        append("a", "x"); //~ ERROR `Append` may write, and replicas serve only reads
        //~^ AT append
    }?;
    replicas
        .pipeline()
        .without_transaction()
        .each(["a", "b"], |p, key| p.append(key, "x")) //~ ERROR `Append` may write, and replicas serve only reads
        //~^ AT append
        .execute()
        .await?;
    replicas.script(script, "a", ()).await?; //~ ERROR `RunScript<_>` may write, and replicas serve only reads
    //~^ HELP scripts read by `script_ro`
    replicas.blpop::<String>("a", 1.0).await?; //~ ERROR may write, and replicas serve only reads
    Ok(())
}

fn main() {}
