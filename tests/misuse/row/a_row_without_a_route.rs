typedis::commands! {
    /// Commands that this application adds.
    pub trait OwnCommands in own;

    /// Counts things.
    fn count_things(thing: u64) -> Integer as i64 //~ ERROR a command without keys says where a cluster sends it
        = "THINGS.COUNT" as CountThings {
            since: redis "7.2.0", arity: 2, access: ReadOnly, effect: Preserves
        };
}

fn main() {}
