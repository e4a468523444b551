use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let (next,) = pipeline! { client =>
        incrr("key"); //~ ERROR no method named `incrr` found
        //~^ AT incrr
        //~| HELP `incr` with a similar name
    }?;
    println!("{next:?}");
    Ok(())
}

fn main() {}
