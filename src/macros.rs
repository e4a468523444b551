//! The facades of the macros in `typedis_macros`, with their documentation. They pass the path of this crate to the
//! proc macros, so that the dependency can be renamed or re-exported.

/// Queues commands, and returns their replies as one typed tuple.
///
/// With a client before the arrow the macro sends the commands as one transaction and awaits in place: its value is a
/// [`Result`](crate::Result) of the tuple, and `?` and `return` inside belong to the surrounding function. Without a
/// client its value is a [`Prepared`](crate::Prepared) batch, encoded once. The commands are the methods of a
/// [`Pipeline`](crate::Pipeline) and take the same arguments.
///
/// ```
/// use typedis::{Client, pipeline};
/// # async fn example(client: &Client) -> typedis::Result<()> {
/// let (flushed, foo, keys) = pipeline! { client =>
///     flushdb();
///     set("foo", "bar");
///     keys::<Vec<String>>("*");
/// }?;
/// assert_eq!((flushed, foo, keys), ((), (), vec!["foo".to_owned()]));
///
/// let batch = pipeline! { incr("hits"); get::<String>("foo") };
/// assert_eq!(batch.execute(client).await?, (1, Some("bar".to_owned())));
/// assert_eq!(batch.execute(client).await?.0, 2);
/// # Ok(()) }
/// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
/// ```
///
/// # Named replies
///
/// The replies may fill a struct of your own, with a command at each field. The fields have the types of the replies; a
/// field that is missing, doubled or unknown does not compile.
///
/// ```
/// use typedis::{Client, pipeline};
/// # async fn example(client: &Client) -> typedis::Result<()> {
/// struct Stats {
///     hits: i64,
///     name: Option<String>,
/// }
/// let stats = pipeline! { client => Stats { hits: incr("hits"); name: get("name") } }?;
/// assert_eq!((stats.hits, stats.name), (1, None));
/// # Ok(()) }
/// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
/// ```
///
/// The same works after `multi()` and in a prepared batch: `multi(); Stats { hits: incr("hits") }`.
///
/// # Watching
///
/// A body that begins with `watch(..)` runs its reads at once until `multi()`, and is retried if another client wrote a
/// watched key first, as often as [`Client::with_retry`](crate::Client::with_retry) allows. Reads are not a snapshot:
/// only the commit proves them.
///
/// ```
/// use typedis::{Client, pipeline};
/// # async fn example(client: &Client) -> typedis::Result<()> {
/// let (left,) = pipeline! { client =>
///     watch("stock");
///     let stock = get::<i64>("stock")?.unwrap_or(0);
///     if stock == 0 {
///         return Ok(()); // leaves the function; the watch ends and nothing is sent
///     }
///     multi();
///     decr("stock");
/// }?;
/// # unreachable!("{left}");
/// # }
/// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
/// ```
///
/// # Literal keys
///
/// A command that is certain to fail with WRONGTYPE, because an earlier command of the block left its key as another kind,
/// does not compile: `lpush("a", 1); incr("a")`. No other client's command can come between those of one transaction.
///
/// There are no false alarms, because everything uncertain is accepted: keys that are not string literals of the block
/// (constants, variables, arrays and tuples, keys in `each` and `when`), keys that may have been removed or overwritten in
/// between, results that depend on the state before the block, and commands without a transaction. A prepared batch is
/// checked as a transaction, which it usually becomes.
///
/// # Slots in a cluster
///
/// On a [`ClusterClient`](crate::ClusterClient) the keys of one transaction are of one slot, those of `watch` included. Two string
/// literals of different slots, or constants of a [`keyspace!`](crate::keyspace) with different hash tags, do not compile there.
///
/// Everything uncertain is accepted here too, and checked before it is sent: keys that are not literals or such constants, keys
/// of the reads between `watch` and `multi`, and code that is generic over the [topology](crate::topology). Without a transaction
/// and on one server keys are of any slots. A prepared batch is not checked, because it may be executed so.
///
/// # Grammar
///
/// - Before `=>` comes a client or, without `watch`, a pipeline such as `client.pipeline().without_transaction()`.
/// - A statement, or the value of a top-level `let`, that starts with a bare lower-case call is a command. A function
///   of your own is written `self::fee(x)` or `{ fee(x) }`. Deeper in an expression, `.await` behind a call makes it a
///   command.
/// - After `multi()` only commands are allowed.
/// - `Stats { hits: incr("hits"); .. }` in place of all commands returns that struct in place of a tuple.
/// - Arguments are evaluated again at every attempt, so owned values are passed by reference.
/// - Between `watch` and `multi` a bare `break` or `continue` does not compile; a labelled one does.
/// - Angle brackets may surround the body: `pipeline! { < set("foo", "bar"); keys::<Vec<String>>("*") > }`.
///
/// # Renamed and re-exported crates
///
/// The macro expands to the path of the crate that it was called through. So it works if `Cargo.toml` renames the
/// dependency (`redis = { package = "typedis", .. }`, then `redis::pipeline!`), and if another crate re-exports typedis
/// (`company::typedis::pipeline!`). The same holds for [`keyspace!`](crate::keyspace),
/// [`commands!`](macro@crate::commands) and [`value!`](crate::value); the derive
/// [`HashFields`](derive@crate::HashFields) needs `#[typedis(crate = company::typedis)]`.
#[macro_export]
macro_rules! pipeline {
    ($($body:tt)*) => { $crate::__private::pipeline!($crate; $($body)*) };
}

/// Declares the keys of an application: the type of each value, and the form of each name.
///
/// Each key is a line, which becomes an ordinary constant or function. Commands on another kind of key do not compile, and
/// reads need no turbofish.
///
/// ```
/// use std::collections::HashMap;
/// use typedis::{key::{Hash, SortedSet, Str}, keyspace, pipeline, prelude::*, Client};
///
/// keyspace! {
///     /// The number of the last order.
///     pub LAST_ORDER: Str<u64> = "orders:last";
///     /// The best customers.
///     pub BEST: SortedSet<u64> = "users:best";
///     /// A user's balance in cents.
///     pub account(user: u64): Str<i64> = "{{user:{user}}}:account";
///     /// The items in a user's cart.
///     pub cart(user: u64): Hash<HashMap<String, u32>> = "{{user:{user}}}:cart";
///     /// The house's own account.
///     pub HOUSE = account(0);
/// }
///
/// # async fn example(client: &Client) -> typedis::Result<()> {
/// client.hset(cart(7), [("apple", 3), ("pear", 1)]).await?; // `hset(account(7), ..)` does not compile
/// let (order, items, left) = pipeline! { client =>
///     incr(LAST_ORDER);
///     hgetall(cart(7));
///     incrby(HOUSE, 250);
/// }?;
/// assert_eq!((order, items["apple"], left), (1, 3, 250));
/// assert_eq!(account(7).slot(), cart(7).slot());
/// # Ok(()) }
/// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
/// ```
///
/// # Grammar
///
/// - `NAME: KIND = "name";` is a constant, a [`Key<KIND>`](crate::Key). A kind is [`Str<T>`](crate::key::Str),
///   [`Hash<T>`](struct@crate::key::Hash), [`List<T>`](crate::key::List), [`Set<T>`](crate::key::Set),
///   [`SortedSet<T>`](crate::key::SortedSet) or [`Stream<T>`](crate::key::Stream).
/// - `name(parameter: TYPE, ..): KIND = "name:{parameter}";` is a function that returns the keys of a family. A parameter
///   is any type that implements [`Display`](std::fmt::Display).
/// - `NAME = name(literal, ..);` is one key of a family, whose name is known at compile time.
/// - Attributes, docs and a visibility may precede each key, as any item.
///
/// Names have the syntax of [`format!`]: a parameter is in braces, a literal brace is doubled. So a hash tag, which keeps
/// keys in one cluster slot, has doubled braces, and a tag that is just a parameter has three: `"{{{user}}}:cart"`.
///
/// # Slots in a cluster
///
/// The type of a constant whose hash tag is written out has its cluster slot, as [`InSlot`](crate::key::InSlot): in
/// [`pipeline!`](macro@crate::pipeline) and in chains of methods two such constants of different slots do not compile as one
/// transaction of a [`ClusterClient`](crate::ClusterClient). `tag "shop";` in the first line is one hash tag for all keys, whose names then begin
/// with `{shop}:`.
///
/// ```
/// use typedis::{key::{InSlot, Str}, keyspace, Key};
///
/// keyspace! {
///     tag "shop";
///     pub STOCK: Str<i64> = "stock";
///     pub sold(article: u64): Str<i64> = "sold:{article}";
/// }
/// let stock: Key<Str<i64>, InSlot<3808>> = STOCK;
/// assert_eq!((stock.name(), sold(7).name()), ("{shop}:stock", "{shop}:sold:7"));
/// assert_eq!((STOCK.slot(), sold(7).slot()), (3808, 3808));
/// ```
///
/// Keys of several tags that stand in one array are made one type by [`Key::untagged`](crate::Key::untagged), or stand in a
/// tuple. Constants without a tag, or with a parameter in it, and families have no slot in their type, so that they fit into one
/// array; they are checked before they are sent.
///
/// # Errors
///
/// Two keys with one name, an empty name, a parameter that is not in the name, and a hash tag that is empty or not
/// closed do not compile. A value that would move the hash tag, such as a parameter with a `}`, does not compile if it
/// is a literal; otherwise the command with the key is an [`Error::Argument`](crate::Error::Argument) before anything
/// is sent. The same holds for a name or a tag that turns out to be empty.
///
/// Two names that only *may* be equal, such as `"user:{name}"` and `"user:last"`, are not found, nor are equal names in
/// different keyspaces.
#[macro_export]
macro_rules! keyspace {
    ($($keys:tt)*) => { $crate::__private::keyspace! { $crate; $($keys)* } };
}

/// Maps a struct to a hash: each field of the struct is a field of the hash.
///
/// HGETALL and HMGET read the struct, HSET writes it, and a declared hash can have it as its value. Each field has a
/// constant in capitals, for commands on one field with a value of the field's type.
///
/// ```
/// use typedis::{key::Hash, keyspace, pipeline, prelude::*, Client, HashFields};
///
/// #[derive(Debug, PartialEq, HashFields)]
/// struct Account {
///     owner: String,
///     #[typedis(rename = "cents")]
///     balance: i64,
///     email: Option<String>,
/// }
///
/// keyspace! { account(id: u64): Hash<Account> = "account:{id}"; }
///
/// # async fn example(client: &Client) -> typedis::Result<()> {
/// let ada = Account { owner: "Ada".into(), balance: 250, email: None };
/// client.hset(account(1), &ada).await?;
/// let (read, balance, owner) = pipeline! { client =>
///     hgetall(account(1));
///     hincrby_field(account(1), Account::BALANCE, -50); // `Account::OWNER` does not compile
///     hget_field(account(1), Account::OWNER);
/// }?;
/// assert_eq!((read, balance, owner.as_deref()), (ada, 200, Some("Ada")));
/// # Ok(()) }
/// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
/// ```
///
/// - A field of the type `Option` may be missing. `None` writes nothing, so an existing field of the hash stays; HDEL
///   removes it: `hdel(account(1), Account::EMAIL)`.
/// - Any other missing field is an [`Error::Reply`](crate::Error::Reply) with its name. If the hash may not exist, read an
///   `Option` of the struct, or declare the key as `Hash<Option<Account>>`.
/// - Other fields of the hash are skipped; [`hmget_fields`](crate::commands::HashCommands::hmget_fields) does not request
///   them.
/// - `#[typedis(rename = "name")]` gives a field another name in the hash.
/// - `#[typedis(crate = company::typedis)]` on the struct is the path of typedis, for a dependency that is renamed, or
///   re-exported by another crate.
/// - The type of a field is a single value, a [`FieldValue`](crate::key::FieldValue), such as text or a number.
pub use typedis_macros::HashFields;
