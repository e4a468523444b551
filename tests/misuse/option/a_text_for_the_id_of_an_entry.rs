use typedis::{Client, prelude::*};

pub async fn example(client: &Client) -> typedis::Result<()> {
    client.xack("a", "group", "1526919030474-55").await?; //~ ERROR `str` is not the id of a stream's entry
    //~^ HELP a text becomes an id by `"1526919030474-55".parse::<StreamId>()?`
    client.xread::<Vec<(String, String)>>("a", "$").await?; //~ ERROR `&str` is no position in a stream to read from
    //~^ HELP `StreamId::MIN` reads from the beginning
    client.xrange::<Vec<(String, String)>>("a", "-").await?; //~ ERROR `&str` is not a range of ids
    //~^ HELP write `..` for all entries
    Ok(())
}

fn main() {}
