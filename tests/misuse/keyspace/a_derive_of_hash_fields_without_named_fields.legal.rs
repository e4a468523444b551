use typedis::HashFields;

#[derive(HashFields)]
pub struct Account {
    pub open: bool,
}

#[derive(HashFields)]
pub struct Pair {
    pub left: i64,
    pub right: i64,
}

#[derive(HashFields)]
pub struct Twice {
    pub name: String,
    #[typedis(rename = "other-name")]
    pub other: String,
    pub more: i64,
}

fn main() {}
