use typedis::{key::Str, keyspace};

keyspace! {
    pub HITS: Str<i64> = "hits";
}

fn main() {}
