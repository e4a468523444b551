use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    pipeline! { client =>
        without_transaction(); //~ ERROR `without_transaction` stands before the arrow
        //~^ AT without_transaction
        incr("key");
    }?;
    Ok(())
}

fn main() {}
