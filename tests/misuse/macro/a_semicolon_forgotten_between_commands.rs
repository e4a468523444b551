use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    pipeline! { client =>
        incr("a")
        incr("b"); //~ ERROR expected `;` before this
        //~^ AT incr
    }?;
    Ok(())
}

fn main() {}
