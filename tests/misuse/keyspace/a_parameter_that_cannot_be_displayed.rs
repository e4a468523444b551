use typedis::{key::Str, keyspace};

pub struct Id(pub u64);

keyspace! {
    pub account(id: Id): Str<i64> = "account:{id}"; //~ ERROR `Id` doesn't implement `std::fmt::Display`
    //~| AT id
}

fn main() {}
