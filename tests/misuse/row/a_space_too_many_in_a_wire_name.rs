use typedis::key::need::AnyKind;

typedis::commands! {
    /// Commands that this application adds.
    pub trait OwnCommands in own;

    /// Counts things.
    fn count_things(key @ AnyKind) -> Integer as i64
        = "THINGS  COUNT" as CountThings { //~ ERROR is no name of a command: expected words of printable ASCII, of less than 100 bytes, with one space between them
        //~^ AT "THINGS  COUNT"
            since: redis "7.2.0", arity: 2, access: ReadOnly, effect: Preserves
        };
}

fn main() {}
