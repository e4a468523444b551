use typedis::{Client, pipeline};

pub struct Stats {
    pub hits: i64,
    pub name: Option<String>,
}

pub async fn example(client: &Client) -> typedis::Result<Stats> {
    pipeline! { client => Stats { hits: incr("hits"); name: get("name") } }
}

fn main() {}
