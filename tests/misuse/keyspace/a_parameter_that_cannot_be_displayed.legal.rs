use typedis::{key::Str, keyspace};

pub struct Id(pub u64);

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

keyspace! {
    pub account(id: Id): Str<i64> = "account:{id}";
}

fn main() {}
