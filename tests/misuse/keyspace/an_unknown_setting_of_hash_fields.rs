use typedis::HashFields;

#[derive(HashFields)]
#[typedis(rename_all = "kebab-case")] //~ ERROR expected `crate = path::to::typedis`, the only setting of a struct
//~| AT rename_all
pub struct Account {
    pub name: String,
    #[typedis(skip)] //~ ERROR expected `rename = "name"`, the only setting of a field
    pub balance: i64,
    #[typedis(rename = "kind", rename = "sort")] //~ ERROR `rename` is given twice
    pub kind: String,
}

fn main() {}
