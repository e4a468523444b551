use typedis::{key::Str, keyspace};

keyspace! {
    pub account(id: u64): Str<i64> = "account"; //~ ERROR `id` is not in the key's name, so all of them would be one key: write `{id}`
    //~| AT id
    pub HITS: Str<i64> = "hits:{page}"; //~ ERROR there is no parameter `page`
    pub total(): Str<i64> = "total"; //~ ERROR a family has parameters: write `total: ..` for a single key
}

fn main() {}
