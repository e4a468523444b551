use typedis::HashFields;

#[derive(HashFields)]
#[typedis(crate = typedis)]
pub struct Account {
    pub name: String,
    #[typedis(rename = "account-balance")]
    pub balance: i64,
    #[typedis(rename = "kind")]
    pub kind: String,
}

fn main() {}
