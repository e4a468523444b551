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
//! - [`Client`] connects and sends single commands; [`Config`] has the settings that a URL has not.
//! - [`Pipeline`] is the state machine, with the states [`Idle`](pipeline::Idle), [`Watching`](pipeline::Watching) and
//!   [`Queued`](pipeline::Queued); [`Outcome`] is the result of a watched transaction.
//! - [`pipeline!`] is the same as a macro, with tuples and with the retry loop built in.
//! - [`mod@commands`] has the commands: the methods of one trait a group, on clients and pipelines alike, with the reply under
//!   each. The page [docs/commands.md] lists them all, with replies, versions and policies.
//! - [`keyspace!`] declares an application's keys; a [`Key`] knows what it holds.
//! - [`HashFields`](derive@HashFields) makes a hash of a struct.
//! - [`Client::close`], [`Client::events`] and [`Client::metrics`] are for operators.
//! - [`Error`] says what went wrong, at which command, and whether any command may have run.
//! - [`commands!`] declares a command of your own.
//!
//! [docs/commands.md]: commands::registry
//!
//! # The modules by subject
//!
//! - [`argument`]: the values that can be written; [`reply`]: the types that can be read, and the shapes of replies.
//! - [`key`]: kinds of keys, and what commands need of them.
//! - [`mod@commands`]: the groups of commands; [`options`]: their options; [`command`]: the facts of a command.
//! - [`mod@pipeline`]: states, modes and futures, for signatures. The lists of commands and replies are those of the crate
//!   `frunk` (the very same types, from `frunk_core`), so frunk's `hlist_pat!` takes them apart, as [`hlist_pat!`] does.
//! - [`version`]: versions of the server as types; [`error`]: the parts of an error.
//!
//! # Features
//!
//! - `tls`, off unless asked for: `rediss://` URLs and `Config::tls`.
//! - `tracing`, off by default: a span for each command, each execution of a pipeline and each transaction that is tried
//!   again. The guide says what they hold, in its part "What the operator sees".
//!
//! # Layout
//!
//! A file imports only from its own floor or from floors above it; a test holds that.
//!
//! - `error`: the one error. `retry`: how often to try again. `version`: the server's versions, as types.
//! - `trace`: spans; nothing without the feature `tracing`.
//! - `resp`: bytes; encoding commands, finding where replies end, decoding them.
//! - `reply`, `argument`, `key`: what can be read and written; keys, their slots and the fields of hashes.
//! - `command`: what a row of the table is, and the analysis of literal keys. `commands`: the rows, one folder a group, with
//!   options and replies. `options`: the options of all groups.
//! - `connection`: configuration, handshake, the shared connection, the pool, and the router above them.
//! - `pipeline`: the state machine; batches, replies, futures.
//! - `transaction`: the retry loop. `client`: the client. `macros`: the macros, documented.

#[macro_use]
pub mod command;

pub mod argument;
mod bench_support;
mod client;
pub mod commands;
mod connection;
pub mod error;
pub mod key;
mod macros;
pub mod options;
pub mod pipeline;
pub mod reply;
mod resp;
mod retry;
mod trace;
mod transaction;
pub mod version;

pub use client::Client;
pub use commands::scripting::script::{ReadScript, Script};
#[cfg(feature = "tls")]
pub use connection::Tls;
pub use connection::{Config, Event, Events, Metrics, Protocol};
pub use error::{Error, Result, ServerError};
pub use frunk_core::{hlist, hlist_pat};
pub use key::{HashFields, Key};
pub use macros::HashFields;
pub use pipeline::{Outcome, Pipeline, Prepared};
pub use reply::Value;
pub use retry::Retry;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

#[cfg(doctest)]
#[doc = include_str!("../docs/guide.md")]
struct Guide;

/// What most files want: the commands as methods, and [`hlist_pat!`] to take lists of replies apart.
pub mod prelude {
    pub use crate::{
        commands::{
            ConnectionCommands as _, HashCommands as _, KeyCommands as _, ListCommands as _, PubsubCommands as _,
            ReservedCommands as _, ScriptCommands as _, ServerCommands as _, SetCommands as _, SortedSetCommands as _,
            StringCommands as _,
        },
        hlist_pat,
    };
}

/// For the macros alone; nothing here is stable.
#[doc(hidden)]
pub mod __private {
    pub use crate::{
        argument::{Arguments, Entries},
        client::{BeginWatch, Client},
        command::{
            Access, AllowedIn, AllowedOnShared, Command, CommandInfo, CommandSink, ConnectionPolicy, Deferred,
            Deprecation, KeyEffect, KeySpec, MayWrite, Merge, MultiPolicy, OnWrongType, OnlyReads, Route, Touches,
            encode::{AsKey, AsKeyPairs},
            literal_keys::{self, KeyEffects},
        },
        error::Error,
        key::{
            Field, FieldReader, HashFields, HashValue, Key, KeyFor, KeyTemplate as Family, KeyType, KeysFor, ValuesOf,
            constant, from_array, from_map, write as write_fields,
        },
        pipeline::{
            IntoQueue, Outcome, Pipeline, Watching, apply, check, detached, effect, entry, execute, finish, join,
            prepare, push, sendable, track,
        },
        reply::FromReply,
        resp::{DecodeError, Name, Reader, Writer, encoded_len, fuzz_api},
        transaction::{Attempts, watch_lost},
        version::{AnyVersion, Availability, Since, Supports, UnreleasedRedis, version_index},
    };
    pub use frunk_core::hlist::{HCons, HNil};
    pub use typedis_macros::{commands as commands_table, keyspace, pipeline};
    pub mod bench_support {
        pub use crate::bench_support::*;
    }
    /// What an expansion brings into scope: traits without their names.
    pub mod surface {
        pub use crate::{
            client::BeginWatch as _,
            commands::{
                ConnectionCommands as _, HashCommands as _, KeyCommands as _, ListCommands as _, PubsubCommands as _,
                ReservedCommands as _, ScriptCommands as _, ServerCommands as _, SetCommands as _,
                SortedSetCommands as _, StringCommands as _,
            },
            pipeline::IntoQueue as _,
        };
    }
    pub mod shapes {
        pub use crate::reply::{Any, Array, Bulk, Double, Flag, Integer, Map, Nullable, Pairs, Status, Tuple};
    }
}
