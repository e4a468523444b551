use typedis::{key::Str, keyspace};

keyspace! {
    pub cart(user: &str): Str<i64> = "{{{user}}}:cart";
    pub GUEST = cart("guest");
    pub open(user: &str): Str<i64> = "{{{user}}}:open";
    pub EMPTY: Str<i64> = "{{shop}}:empty";
}

fn main() {}
