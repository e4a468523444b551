use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let (job,) = pipeline! { client =>
        blpop::<String>("jobs", 1.0); //~ ERROR `Blpop<std::string::String>` cannot be queued
        //~^ AT blpop
    }?;
    println!("{job:?}");
    Ok(())
}

fn main() {}
