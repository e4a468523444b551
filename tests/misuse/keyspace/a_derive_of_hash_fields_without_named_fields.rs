use typedis::HashFields;

#[derive(HashFields)]
pub enum Account { //~ ERROR `HashFields` is derived for a struct with named fields
    Open,
}

#[derive(HashFields)]
pub struct Pair(i64, i64); //~ ERROR `HashFields` is derived for a struct with named fields

#[derive(HashFields)]
pub struct Twice {
    pub name: String,
    #[typedis(rename = "name")]
    pub other: String, //~ ERROR two fields have the name `name` in the hash
    #[typedis(call = "me")] //~ ERROR expected `rename = "name"`
    pub more: i64,
}

fn main() {}
