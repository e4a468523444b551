use typedis::{Client, Retry, Script, prelude::*};

pub async fn example(client: &Client, script: &Script<i64>) -> typedis::Result<()> {
    let script = script.clone().read_only();
    client.pipeline().retry_reads(Retry::new()).script_ro(&script, "a", ()).execute().await?;
    Ok(())
}

fn main() {}
