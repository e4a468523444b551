use typedis::{options::IncrexOptions, prelude::*, Client};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.increx_with("calls", IncrexOptions::byint(1).ubound(10).ex(60).enx()).await?;
   
   
    Ok(())
}

fn main() {}
