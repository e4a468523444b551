use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    pipeline! { client =>
        incr("key");
        execute(); //~ ERROR `execute` has no place here, the macro executes by itself
        //~^ AT execute
    }?;
    Ok(())
}

fn main() {}
