//! The macros of `typedis_macros`, documented. `pipeline!` and `keyspace!` are facades that tell the proc macro the path of
//! this crate, so that a user may rename the dependency, and a crate may re-export it.

/// Buffers commands and makes one typed tuple of their replies.
///
/// With a client before the arrow it sends them as one transaction and awaits in place: the value is a
/// [`Result`](crate::Result) of the tuple, and `?` and `return` inside are the caller's own. Without, it is a
/// [`Prepared`](crate::Prepared) batch, encoded once. The commands are the methods of [`Pipeline`](crate::Pipeline), so each
/// takes what its method takes.
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
/// The commands may stand in a struct of your own, each at the field that its reply goes into. The types of the fields are
/// those of the replies; a field that is missing, doubled or unknown does not compile.
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
/// After `multi()`, and in a prepared batch, it is the same: `multi(); Stats { hits: incr("hits") }`.
///
/// # Watching
///
/// A body that begins with `watch(..)` reads at once, until `multi()`, and begins again when another client wrote one of the
/// watched keys first, as often as [`Client::with_retry`](crate::Client::with_retry) allows. Reads are no snapshot: only the
/// commit proves them.
///
/// ```
/// use typedis::{Client, pipeline};
/// # async fn example(client: &Client) -> typedis::Result<()> {
/// let (left,) = pipeline! { client =>
///     watch("stock");
///     let stock = get::<i64>("stock")?.unwrap_or(0);
///     if stock == 0 {
///         return Ok(()); // leaves the function; the watch is given up and nothing is sent
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
/// A command that is certain to fail with WRONGTYPE, because an earlier one of the same block left its key as another kind,
/// does not compile: `lpush("a", 1); incr("a")`. Nothing can come between the commands of one transaction. What is not
/// certain is not judged, so there is no false alarm: keys that are no string literals of this very block (constants,
/// variables, arrays and tuples, what stands in `each` and `when`), what may have been removed or overwritten in between,
/// what depends on what was there before, and commands without a transaction. A prepared batch is judged as the
/// transaction that it mostly becomes.
///
/// # Grammar
///
/// - Before `=>` stands a client, or, where nothing is watched, a pipeline made from one, such as
///   `client.pipeline().without_transaction()`.
/// - A statement, or the value of a top-level `let`, that starts with a bare lower-case call is a command. Your own function
///   is written `self::fee(x)` or `{ fee(x) }`. Deeper in an expression a command is marked by the `.await` behind it.
/// - After `multi()` only commands stand.
/// - `Stats { hits: incr("hits"); .. }` in the place of all the commands gives that struct in the place of a tuple.
/// - Arguments are evaluated again at every attempt, so owned values are passed by reference.
/// - A bare `break` or `continue` does not compile between `watch` and `multi`; a labelled one does.
/// - The macro also expands where the dependency is renamed, or where another crate re-exports typedis.
/// - The body may stand in angle brackets: `pipeline! { < set("foo", "bar"); keys::<Vec<String>>("*") > }`.
#[macro_export]
macro_rules! pipeline {
    ($($body:tt)*) => { $crate::__private::pipeline!($crate; $($body)*) };
}

/// Declares the keys of an application: what each holds, and how its name is built.
///
/// One line a key, which becomes an ordinary constant or function. Commands on another kind of key do not compile, and what
/// is read needs no turbofish.
///
/// ```
/// use std::collections::HashMap;
/// use typedis::{key::{Hash, SortedSet, Str}, keyspace, pipeline, prelude::*, Client};
///
/// keyspace! {
///     /// The number of the last order.
///     pub LAST_ORDER: Str<u64> = "orders:last";
///     /// Who bought most.
///     pub BEST: SortedSet<u64> = "users:best";
///     /// What a user has, in cents.
///     pub account(user: u64): Str<i64> = "{{user:{user}}}:account";
///     /// What a user is about to buy.
///     pub cart(user: u64): Hash<HashMap<String, u32>> = "{{user:{user}}}:cart";
///     /// The account of the house.
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
///   [`Hash<T>`](struct@crate::key::Hash), [`List<T>`](crate::key::List), [`Set<T>`](crate::key::Set) or
///   [`SortedSet<T>`](crate::key::SortedSet).
/// - `name(parameter: TYPE, ..): KIND = "name:{parameter}";` is a function, a family of keys. A parameter is anything that
///   can be [displayed](std::fmt::Display).
/// - `NAME = name(literal, ..);` is one key of a family whose name is known at compile time.
/// - Attributes, docs and a visibility may stand before each, as before any item.
///
/// Names are written as for [`format!`]: a parameter in braces, a brace of the name itself doubled. So a hash tag, which
/// keeps keys on one cluster slot, has doubled braces, and around a parameter alone there are three: `"{{{user}}}:cart"`.
///
/// # What is refused
///
/// Two keys of one name, an empty name, a parameter that is not in the name, and a tag that is empty or not ended do not
/// compile. What would move the hash tag, such as a parameter in it that has a `}`, does not compile where its text is known,
/// and else is an [`Error::Argument`](crate::Error::Argument) of the command that is given the key, before anything is sent.
/// So is a name or a tag that comes out empty.
///
/// A name that *may* be that of another key, as `"user:{name}"` and `"user:last"`, is not found, nor are keys of other
/// keyspaces.
#[macro_export]
macro_rules! keyspace {
    ($($keys:tt)*) => { $crate::__private::keyspace! { $crate; $($keys)* } };
}

/// Makes a hash of a struct: each field of the struct is a field of the hash.
///
/// HGETALL and HMGET are read into the struct, HSET writes it, and it is the value of a declared hash. Each field has a
/// constant in capitals, for commands on one field, whose value has the field's type.
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
/// - A field that is an `Option` may be missing. Writing `None` writes nothing, so what the hash holds there stays; HDEL
///   removes it: `hdel(account(1), Account::EMAIL)`.
/// - Any other field that is missing is an [`Error::Reply`](crate::Error::Reply) that names it. Where there may be no hash at
///   all, read an `Option` of the struct, or declare the key as `Hash<Option<Account>>`.
/// - Fields of the hash that the struct does not have are passed over;
///   [`hmget_fields`](crate::commands::HashCommands::hmget_fields) does not even ask for them.
/// - `#[typedis(rename = "name")]` gives a field another name in the hash.
/// - `#[typedis(crate = company::typedis)]` on the struct is the path of the crate, for a dependency that is renamed or that
///   another crate re-exports.
/// - The type of a field is one value, a [`FieldValue`](crate::key::FieldValue), such as text or a number.
pub use typedis_macros::HashFields;
