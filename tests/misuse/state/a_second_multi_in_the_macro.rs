use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let (next,) = pipeline! { client =>
        watch("key");
        multi();
        multi(); //~ ERROR `multi`
        //~^ AT multi
        incr("key");
    }?;
    println!("{next}");
    Ok(())
}

fn main() {}
