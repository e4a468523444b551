use typedis::{key::{List, Str}, keyspace, pipeline, Client};

keyspace! {
    pub QUEUE: List<u64> = "queue";
    pub account(id: u64): Str<i64> = "account:{id}";
}

pub async fn example(client: &Client) -> typedis::Result<()> {
    pipeline! { client => rpush(account(1), 5) }?; //~ ERROR this key holds a `typedis::key::Str<i64>`, and the command needs a `typedis::key::List<
    //~| AT account(1)
    //~^^ HELP use a command on `typedis::key::Str<i64>`
    Ok(())
}

fn main() {}
