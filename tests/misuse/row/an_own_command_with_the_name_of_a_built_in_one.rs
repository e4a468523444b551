use typedis::{key::Bitmap, prelude::*, Client};

typedis::commands! { pub trait VisitCommands in visits;
    fn setbit(day @ Bitmap, user: u64) -> Flag as bool = "SETBIT" (&day, &user, 1) as Setbit { since: redis "2.2.0", arity: 4, access: ReadWrite, effect: Creates }; }

pub async fn example(client: &Client) -> typedis::Result<bool> {
    client.setbit("visits", 7).await //~ ERROR multiple applicable items in scope
    //~^ HELP disambiguate the method
    //~| AT setbit
}

fn main() {}
