use typedis::{
    Client,
    commands::stream::{AfterLast, StreamId},
    prelude::*,
};

pub async fn example(client: &Client) -> Result<(), Box<dyn std::error::Error>> {
    client.xack("a", "group", "1526919030474-55".parse::<StreamId>()?).await?;
    client.xread::<Vec<(String, String)>>("a", AfterLast).await?;
    client.xrange::<Vec<(String, String)>>("a", ..).await?;
    Ok(())
}

fn main() {}
