use typedis::HashFields;

#[derive(HashFields)]
pub struct Account {
    pub owner: String,
    pub tags: Vec<String>, //~ ERROR cannot be a field of a hash
    //~| AT Vec
    //~| AT Vec<String>
    //~| REPEATS since 1.97
}

fn main() {}
