//! The macro that reads the table of commands.

/// Declares commands: each row becomes a method on every pipeline and on the client, and a marker type.
///
/// A row reads like the signature that it becomes:
///
/// ```text
/// /// Adds one to the integer at `key` and returns the new value.
/// fn incr(key @ Str<Adds<i64>>) -> Integer as i64
///     = "INCR" as Incr { since: redis "1.0.0", arity: 2, access: ReadWrite, effect: Creates };
/// ```
///
/// - `key @ NEED` is one key, `keys @@ NEED` one key or several, `pairs @: impl KeyValues` keys with a value behind each,
///   `arg: TYPE` any other argument (`impl Argument`, `impl Arguments`, an options type); pairs of other things are
///   `impl Entries` and are sent as `FlatPairs(&pairs)`;
/// - `key @= K of KIND` is one key whose type is the generic `K`, on which the need of another key depends: with
///   `[K: KeyFor<AnyKind>]` before it and `K of AnyKind`, `newkey @ SameAs<K::Kind>` is a key that holds the same;
/// - a key that the command leaves otherwise than the row says has an effect of its own: `destination @ NEED => Unknown`,
///   with the policy on a key of another kind behind it where that differs, `=> Preserves Ignores`;
/// - generics in `<..>` shape the reply and are what a turbofish names, generics in `[..]` before them belong to the
///   arguments (a row has one or the other where a turbofish is wanted);
/// - `-> SHAPE as TYPE` is the reply on the wire ([shapes](crate::reply)) and in Rust;
/// - `where TYPE: BOUND` holds for the method alone and may speak of `Self::Server`, the version that a client declares:
///   options that came later than the command, `where F: AvailableSince<Self::Server>`;
/// - `= "NAME"` is the command's name on the wire, followed by its arguments in brackets where they are not simply those
///   of the method in their order: `= "XADD" (&key, &id, FlatPairs(&fields))`, `= "LCS" (&key1, &key2, "LEN")`; see
///   [`command::encode`](crate::command::encode) for more;
/// - then the marker's name and the facts. A fact that is unknown, said twice or missing does not compile:
///
/// | fact | values |
/// |---|---|
/// | `since` | `redis "6.2.0"`; `redis "8.0.0", valkey "9.0.0"` for what came after Redis 7.2.4, where Valkey begins, with `never` for a vendor that lacks it; `module "ReJSON" "1.0.0"` |
/// | `arity` | the number of words as `COMMAND INFO` has it, the name included; negative: at least so many |
/// | `access` | `ReadOnly` or `ReadWrite`: [`Access`](crate::command::Access) |
/// | `effect` | what is at its keys afterwards, `Unknown` when in doubt: [`KeyEffect`](crate::command::KeyEffect) |
/// | `on_wrong_type` | `Fails` or `Ignores`: [`OnWrongType`](crate::command::OnWrongType). `Ignores` unless said for `Replaces` and `Unknown`, else `Fails` |
/// | `touches` | `NamedKeys` unless said; `AllKeys`: [`Touches`](crate::command::Touches) |
/// | `route` | where a cluster sends it, `Keys` unless said, and to be said where no argument is a key: [`Route`](crate::command::Route) |
/// | `multi` | `Allowed` unless said; `Degraded` or `Refused` keep it out of queues: [`MultiPolicy`](crate::command::MultiPolicy) |
/// | `connection` | `Shared` unless said; `Dedicated` for commands that block; `Forbidden`: [`ConnectionPolicy`](crate::command::ConnectionPolicy) |
/// | `deprecated` | `{ redis: "6.2.0", instead: "ZRANGE" }`, with `valkey: ".."` where Valkey says so too |
///
/// rustdoc shows under each method what comes back, since when, whether the command writes, and the link to its page.
///
/// Commands that typedis does not have, or a module of your own, are declared in the same way in your own crate:
///
/// ```
/// use typedis::{key::need::AnyKind, prelude::*, Client};
///
/// typedis::commands! {
///     /// Commands that this application adds.
///     pub trait OwnCommands in own;
///
///     /// Returns how many bytes `key` takes, counting every element, or `None` when there is no such key.
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
