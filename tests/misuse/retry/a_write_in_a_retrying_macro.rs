use typedis::{Client, Retry, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    pipeline! { client.pipeline().retry_reads(Retry::new()) => //~ ERROR `Append` may write, so this pipeline cannot be sent again
    //~^ HELP queue only commands that read
    //~| AT =
        get::<String>("a");
        append("b", 1);
    }?;
    Ok(())
}

fn main() {}
