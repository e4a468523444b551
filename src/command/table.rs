//! `commands!`, the facade of the proc macro that expands a table of commands.

/// Declares commands: each row becomes a method on the client and on every pipeline, and a marker type.
///
/// A row reads like the signature that it becomes:
///
/// ```text
/// /// Adds one to the integer at `key` and returns the new value.
/// fn incr(key @ Str<Adds<i64>>) -> Integer as i64
///     = "INCR" as Incr { since: redis "1.0.0", arity: 2, access: ReadWrite, effect: Creates };
/// ```
///
/// # Arguments
///
/// - `key @ NEED` is one key, `keys @@ NEED` one key or several, `pairs @: impl KeyValues` keys of strings with a value after
///   each, `rows @: impl KeySamples of TimeSeries by 3` keys of the kind behind `of` in rows of three words, which the type writes
///   as [`KeyRows<TimeSeries, 3>`](crate::argument::KeyRows). A need is a kind of key with what the command needs of its value: see [`key::need`](crate::key::need).
/// - `key @= K of KIND` is one key whose type is the generic `K`, for a need of another key that depends on it: with
///   `[K: KeyFor<AnyKind>]` before and `K of AnyKind`, `newkey @ SameAs<K::Kind>` is a key that holds the same.
/// - `destination @ NEED => Unknown` is a key with an effect of its own, where that differs from the row's. The policy on
///   a key of another kind may follow: `=> Preserves Ignores`.
/// - `argument: TYPE` is any other argument: `impl Argument`, `impl Arguments`, an options type. Pairs of values that are
///   not keys are `impl Entries`, sent as `FlatPairs(&pairs)`.
///
/// # Generics, reply and name
///
/// - Generics in `<..>` shape the reply, and a turbofish names them. Generics in `[..]` before them belong to arguments;
///   a row has one of the two if it is called with a turbofish.
/// - `-> SHAPE as TYPE` is the reply on the wire, as a [shape](crate::reply), and in Rust.
/// - `where TYPE: BOUND` is a bound of the method. It may name `Self::Server`, the servers that a client declares: options
///   that are newer than the command have `where F: AvailableSince<Self::Server>`.
/// - `= "NAME"` is the command's name on the wire, subcommand included: that of CLIENT, CLUSTER and SCRIPT is known at compile
///   time, because some would change the connection. The arguments follow in parentheses unless they are those of the method
///   in their order: `= "XADD" (&key, &id, FlatPairs(&fields))`, `= "LCS" (&key1, &key2, "LEN")`. The wrappers are in
///   [`command::encode`](crate::command::encode).
///
/// # Facts
///
/// The marker's name follows, and the facts. A fact that is unknown, given twice or missing does not compile.
///
/// | fact | values |
/// |---|---|
/// | `since` | `redis "6.2.0"`; `redis "8.0.0", valkey "9.0.0"` for versions after Redis 7.2.4, from which Valkey was forked, with `never` for a vendor without the command; `module "ReJSON" "1.0.0"` |
/// | `arity` | the number of words as COMMAND INFO has it, the name included; negative for a minimum |
/// | `access` | `ReadOnly` or `ReadWrite`: [`Access`](crate::command::Access) |
/// | `effect` | the effect on its keys, `Unknown` when in doubt: [`KeyEffect`](crate::command::KeyEffect) |
/// | `on_wrong_type` | `Fails` or `Ignores`: [`OnWrongType`](crate::command::OnWrongType). The default is `Ignores` for the effects `Replaces` and `Unknown`, else `Fails` |
/// | `touches` | `NamedKeys` by default, or `AllKeys`: [`Touches`](crate::command::Touches) |
/// | `runs` | `Command` by default, or `Script` for a command that runs a script or a function, or other commands as some of a module do, whose errors then prove nothing; the default for EVAL, FCALL and their like, also where their first argument is a part of the name: [`Runs`](crate::command::Runs) |
/// | `route` | the nodes of a cluster, `Keys` by default; required if no argument is a key: [`Route`](crate::command::Route) |
/// | `multi` | `Allowed` by default, but `Degraded` where `connection` is `Dedicated`; `Degraded` and `Refused` keep the command out of queues: [`MultiPolicy`](crate::command::MultiPolicy) |
/// | `connection` | `Shared` by default, `Dedicated` for commands that block, or `Forbidden`: [`ConnectionPolicy`](crate::command::ConnectionPolicy) |
/// | `deprecated` | `{ redis: "6.2.0", instead: "ZRANGE" }`, with `valkey: ".."` if Valkey deprecates the command too |
/// | `fallback` | what to use where a declared server lacks the command, as the compiler's message says it then: `"use a `Script`"` |
///
/// The trait of the rows has a parameter, the cluster slot that the type of a row's first key says; only the compiler fills it in.
/// A constant holds the facts of all rows as [`CommandInfo`](crate::command::CommandInfo): `OWN_COMMANDS` for the trait
/// `OwnCommands`.
///
/// rustdoc shows under each method the reply's type, the versions, the access, and a link to the command's page.
///
/// # Commands of your own
///
/// A command that typedis does not have, or one of a module, is a row in your own crate. The macro also expands in a crate
/// that renames typedis, or gets it re-exported from another crate.
///
/// ```
/// use typedis::{key::need::AnyKind, prelude::*, Client};
///
/// typedis::commands! {
///     /// Commands that this application adds.
///     pub trait OwnCommands in own;
///
///     /// Returns the bytes that `key` takes in memory, counting every element, or `None` if the key does not exist.
///     fn exact_memory_usage(key @ AnyKind) -> Nullable<Integer> as Option<u64>
///         = "MEMORY USAGE" (&key, "SAMPLES", 0) as ExactMemoryUsage {
///             since: redis "4.0.0", arity: -3, access: ReadOnly, effect: Preserves
///         };
/// }
///
/// # async fn example(client: &Client) -> typedis::Result<()> {
/// let (_, bytes) = typedis::pipeline! { client => set("a", "text"); exact_memory_usage("a") }?;
/// assert!(bytes.is_some());
/// # Ok(()) }
/// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
/// ```
#[macro_export]
macro_rules! commands {
    ($($table:tt)*) => {
        $crate::__private::commands_table! { $crate; $($table)* }
    };
}
