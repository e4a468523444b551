use typedis::{key::Bitmap, pipeline, prelude::*, Client};

typedis::commands! {
    /// Commands of this application.
    pub trait VisitCommands in visits;

    /// Marks a visit and returns whether it was marked already.
    fn setbit(day @ Bitmap, user: u64) -> Flag as bool
        = "SETBIT" (&day, &user, 1) as Setbit {
            since: redis "2.2.0", arity: 4, access: ReadWrite, effect: Creates
        };

    /// Marks a visit and returns whether it was marked already.
    fn mark_visit(day @ Bitmap, user: u64) -> Flag as bool
        = "SETBIT" (&day, &user, 1) as MarkVisit {
            since: redis "2.2.0", arity: 4, access: ReadWrite, effect: Creates
        };
}

pub async fn example(client: &Client) -> typedis::Result<(bool, bool)> {
    client.del("visits").await?;
    let first = VisitCommands::setbit(client, "visits", 7).await?;
    let (second,) = pipeline! { client => mark_visit("visits", 8) }?;
    Ok((first, second))
}

fn main() {}
