use typedis::argument::Argument;

typedis::commands! {
    /// Commands that this application adds.
    pub trait OwnCommands in own;

    /// Counts things.
    fn count_things(mode: impl Argument) -> Integer as i64
        = "CLIENT" ("ID", &mode) as CountThings {
            since: redis "7.2.0", arity: 3, access: ReadOnly, effect: Preserves, route: AnyNode
        };
}

fn main() {}
