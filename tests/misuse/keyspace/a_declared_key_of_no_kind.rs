use typedis::{key::Str, keyspace};

keyspace! {
    pub HITS: i64 = "hits"; //~ ERROR `i64` is no kind of key
    //~| AT i64
    //~^^ HELP a kind is `Str<T>`, `Hash<T>`
}

fn main() {}
