use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    pipeline! { client =>
        incr("a"), //~ ERROR commands are separated by `;`
        //~^ AT ,
        incr("b");
    }?;
    Ok(())
}

fn main() {}
