use typedis::{Client, pipeline};

pub struct Stats {
    pub hits: i64,
    pub name: Option<String>,
}

pub async fn example(client: &Client) -> typedis::Result<Stats> {
    pipeline! { client => Stats { hits: get("hits"); name: get("name") } } //~ ERROR mismatched types
    //~| AT get
}

fn main() {}
