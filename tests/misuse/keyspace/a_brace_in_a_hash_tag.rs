use typedis::{key::Str, keyspace};

keyspace! {
    pub cart(user: &str): Str<i64> = "{{{user}}}:cart";
    pub GUEST = cart("gu}est"); //~ ERROR this text has a `}` in it, which would end the hash tag early
    //~| AT "gu}est"
    pub open(user: &str): Str<i64> = "{{{user}:open"; //~ ERROR the hash tag that `{{` begins is never ended by `}}`
    pub EMPTY: Str<i64> = "{{}}:empty"; //~ ERROR the hash tag is empty
}

fn main() {}
