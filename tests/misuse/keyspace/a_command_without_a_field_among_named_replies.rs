use typedis::{Client, pipeline};

pub struct Stats {
    pub hits: i64,
    pub name: Option<String>,
}

pub async fn example(client: &Client) -> typedis::Result<Stats> {
    pipeline! { client => set("a", 1); Stats { hits: incr("hits"); name: get("name") } } //~ ERROR the reply of this command has no field
    //~| AT set
}

fn main() {}
