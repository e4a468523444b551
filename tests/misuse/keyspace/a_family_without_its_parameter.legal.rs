use typedis::{key::Str, keyspace};

keyspace! {
    pub account(id: u64): Str<i64> = "account:{id}";
    pub hits(page: &str): Str<i64> = "hits:{page}";
    pub TOTAL: Str<i64> = "total";
}

fn main() {}
