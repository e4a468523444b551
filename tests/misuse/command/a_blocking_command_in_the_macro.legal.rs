use typedis::{Client, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let (job,) = pipeline! { client => lpop::<String>("jobs") }?;
    println!("{job:?}");
    Ok(())
}

fn main() {}
