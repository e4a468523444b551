use typedis::{key::Str, keyspace};

keyspace! {
    pub HITS: Str<i64> = ""; //~ ERROR a key needs a name, and this one is empty
    //~| AT ""
}

fn main() {}
