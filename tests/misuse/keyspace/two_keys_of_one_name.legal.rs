use typedis::{key::Str, keyspace};

keyspace! {
    pub HITS: Str<i64> = "hits";
    pub VISITS: Str<i64> = "visits";
    pub account(id: u64): Str<i64> = "account:{id}";
    pub user(name: &str): Str<String> = "user:{name}";
}

fn main() {}
