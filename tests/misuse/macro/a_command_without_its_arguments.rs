use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    pipeline! { client =>
        dbsize; //~ ERROR a command is called with its arguments, such as `get("key")`
        //~^ AT dbsize
        //~| ERROR attempted to take value of method `dbsize`
    }?;
    Ok(())
}

fn main() {}
