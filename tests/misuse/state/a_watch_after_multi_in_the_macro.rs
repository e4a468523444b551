use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let (next,) = pipeline! { client =>
        multi();
        watch("key"); //~ ERROR `watch` must come before `multi`
        //~^ AT watch
        incr("key");
    }?;
    println!("{next}");
    Ok(())
}

fn main() {}
