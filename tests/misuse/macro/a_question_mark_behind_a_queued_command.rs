use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let (hits,) = pipeline! { client =>
        incr("hits")?; //~ ERROR the reply of a queued command comes with all the others
        //~^ AT incr("hits")?;
    }?;
    println!("{hits}");
    Ok(())
}

fn main() {}
