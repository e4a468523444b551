use typedis::{Client, Retry, Script, prelude::*};

pub async fn example(client: &Client, script: &Script<i64>) -> typedis::Result<()> {
    client.pipeline().retry_reads(Retry::new()).script(script, "a", ()).execute().await?; //~ ERROR `RunScript<i64>` may write, so this pipeline cannot be sent again
    //~^ HELP scripts read by `script_ro`
    //~| AT execute
    Ok(())
}

fn main() {}
