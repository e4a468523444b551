use typedis::HashFields;

#[derive(HashFields)]
pub struct Account {
    pub owner: String,
    pub tags: String,
}

fn main() {}
