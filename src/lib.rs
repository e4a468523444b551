//! Redis and Valkey pipelines whose *type* knows which commands they hold, in which state they are and what each command
//! will answer.
//!
//! ```
//! use typedis::{Client, Outcome, pipeline, prelude::*};
//!
//! # async fn example(client: &Client) -> typedis::Result<()> {
//! // Buffered commands in, one typed tuple out: one write, one atomic MULTI/EXEC, one read.
//! let (stored, hits) = pipeline! { client => set("name", "Ada"); incr("hits") }?;
//!
//! // The same by methods, with a heterogeneous list.
//! let hlist_pat![name, hits] = client.pipeline().get::<String>("name").incr("hits").execute().await?;
//!
//! // WATCH: reads run at once until `multi()`, then commands are buffered again.
//! let mut tx = client.pipeline().watch("hits").await?;
//! let now = tx.get::<i64>("hits").await?.unwrap_or(0);
//! match tx.multi().set("hits", now * 2).execute().await? {
//!     Outcome::Committed(hlist_pat![()]) => println!("doubled"),
//!     Outcome::Conflict => println!("another client wrote `hits` first"),
//! }
//! # assert_eq!((stored, hits, name.as_deref()), ((), 2, Some("Ada")));
//! # assert_eq!(client.get::<i64>("hits").await?, Some(4));
//! # Ok(()) }
//! # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
//! ```
//!
//! # Where to begin
//!
//! - [`Client`] connects, and sends single commands; [`Config`] is for what a URL does not say.
//! - [`Pipeline`] is the state machine: [`Idle`], [`Watching`], [`Queued`]. [`Outcome`] is what comes of a watched one.
//! - [`pipeline!`] is the same as a macro, with tuples and with the retry loop built in.
//! - The commands are the methods of [`StringCommands`], [`KeyCommands`], [`HashCommands`], [`ListCommands`],
//!   [`SetCommands`], [`SortedSetCommands`], [`ScriptCommands`] and [`ServerCommands`], on clients and pipelines alike.
//! - [`Key`] is a key that knows what it holds; [`FromReply`] lists what can be read, [`Argument`] is what can be written.
//! - [`Error`] says what went wrong, at which command, and whether anything may have run.
//! - [`commands!`] declares a command of your own.
//!
//! # Layout
//!
//! A room uses only rooms above it.
//!
//! - `error`: the one error.
//! - `resp`: bytes; writing commands, finding where replies end, reading them.
//! - `reply`, `argument`, `key`: what can be read and written, and keys.
//! - `command`: the table of commands and the macro that reads it, one file of rows a group.
//! - `connection`: configuration, greeting, the shared connection and the pool.
//! - `pipeline`: the machine; states, queue, replies, prepared batches.
//! - `transaction`: the retry loop.
//! - `client`: the front door.

#[macro_use]
mod command;

mod argument;
mod client;
mod connection;
mod error;
mod key;
mod pipeline;
mod reply;
mod resp;
mod transaction;

pub use argument::{Argument, Arguments, Entries, StoredAs, ValueFor};
pub use client::Client;
pub use command::*;
pub use connection::{Config, Protocol};
pub use error::{At, Error, Result, ServerError, Waiting};
pub use frunk_core::{
    hlist,
    hlist::{HCons, HNil},
    hlist_pat,
};
pub use key::*;
pub use pipeline::{
    Begin, CanExecute, CanMulti, CanQueue, CanReset, CanUnwatch, CanWatch, CommandList, Detached, Each, Execution,
    Filled, Idle, Mode, Outcome, Pipeline, Place, Plain, Prepared, Queued, Reset, Run, Slot, Transaction, Watch,
    Watched, Watching, When,
};
pub use reply::*;
pub use resp::{Fault, Reader, Writer};
pub use transaction::Retry;

/// Buffers commands and makes one typed tuple of their replies.
///
/// With a client before the arrow it sends them as one transaction and awaits in place: the value is a
/// [`Result`] of the tuple, and `?` and `return` inside are the caller's own. Without, it is a [`Prepared`] batch, encoded
/// once. The commands are the methods of [`Pipeline`], so each takes what its method takes.
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
/// # Watching
///
/// A body that begins with `watch(..)` reads at once, until `multi()`, and begins again when another client wrote one of the
/// watched keys first; how often is said by [`Client::with_retry`]. Reads are no snapshot: only the commit proves them.
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
/// # Grammar
///
/// - Before `=>` stands a client, or, where nothing is watched, a pipeline made from one, such as
///   `client.pipeline().without_transaction()`.
/// - A statement, or the value of a top-level `let`, that starts with a bare lower-case call is a command. Your own function
///   is written `self::fee(x)` or `{ fee(x) }`. Deeper in an expression a command is marked by the `.await` behind it.
/// - After `multi()` only commands stand.
/// - Arguments are evaluated again at every attempt, so owned values are passed by reference.
/// - A bare `break` or `continue` does not compile between `watch` and `multi`; a labelled one does.
/// - The expansion names the crate `typedis`, so the dependency must not be renamed.
/// - The body may stand in angle brackets: `pipeline! { < set("foo", "bar"); keys::<Vec<String>>("*") > }`.
pub use typedis_macros::pipeline;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

#[cfg(doctest)]
#[doc = include_str!("../docs/guide.md")]
struct Guide;

/// What most files want: the commands as methods, and [`hlist_pat!`] to take lists of replies apart.
pub mod prelude {
    pub use crate::{
        HashCommands as _, KeyCommands as _, ListCommands as _, ScriptCommands as _, ServerCommands as _,
        SetCommands as _, SortedSetCommands as _, StringCommands as _, hlist_pat,
    };
}

/// For the macros alone; nothing here is stable.
#[doc(hidden)]
pub mod __private {
    pub use crate::{
        client::{BeginWatch, Client},
        error::Error,
        pipeline::{Begin, Outcome, Pipeline, Watching, detached, execute, prepare},
        resp::{Name, encoded_len},
        transaction::{Attempts, watch_lost},
    };
    pub use frunk_core::hlist::{HCons, HNil};
    pub use typedis_macros::located;
    /// What an expansion brings into scope: traits without their names.
    pub mod surface {
        pub use crate::{
            HashCommands as _, KeyCommands as _, ListCommands as _, ScriptCommands as _, ServerCommands as _,
            SetCommands as _, SortedSetCommands as _, StringCommands as _, client::BeginWatch as _,
            pipeline::Begin as _,
        };
    }
    pub mod shapes {
        pub use crate::reply::*;
    }
}
