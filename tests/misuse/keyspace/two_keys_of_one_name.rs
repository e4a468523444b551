use typedis::{key::Str, keyspace};

keyspace! {
    pub HITS: Str<i64> = "hits";
    pub VISITS: Str<i64> = "hits"; //~ ERROR `HITS` has this name already: two keys of one name would overwrite each other
    //~| AT "hits"
    pub account(id: u64): Str<i64> = "account:{id}";
    pub user(name: &str): Str<String> = "account:{name}"; //~ ERROR `account` has this name already
    pub HITS: Str<i64> = "more"; //~ ERROR `HITS` is declared twice
}

fn main() {}
