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
//! - [`keyspace!`] declares an application's keys; [`Key`] is one that knows what it holds; [`FromReply`] lists what can be read, [`Argument`] is what can be written.
//! - [`HashFields`](derive@HashFields) makes a hash of a struct.
//! - [`Client::close`], [`Client::events`] and [`Client::metrics`] are for whoever runs the application.
//! - [`Error`] says what went wrong, at which command, and whether anything may have run.
//! - [`commands!`] declares a command of your own.
//!
//! # Features
//!
//! - `tls`, off unless asked for: `rediss://` URLs and `Config::tls`.
//! - `tracing`, off by default: a span for each command, each execution of a pipeline and each transaction that is tried
//!   again. The guide says what they hold, in its part "What the operator sees".
//!
//! # Layout
//!
//! A room uses only rooms above it.
//!
//! - `error`: the one error. `retry`: how often to try again. `version`: the server's versions, as types.
//! - `trace`: what an operator sees; nothing without the feature `tracing`.
//! - `resp`: bytes; writing commands, finding where replies end, reading them.
//! - `reply`, `argument`, `key`: what can be read and written; keys, their slots and the fields of hashes.
//! - `command`: the table of commands and the macro that reads it, one file of rows a group.
//! - `connection`: configuration, greeting, the shared connection and the pool.
//! - `pipeline`: the machine; states, queue, replies, prepared batches.
//! - `transaction`: the retry loop.
//! - `client`: the front door.
//! - `macros`: `pipeline!`, `keyspace!` and the derive of `HashFields`.

#[macro_use]
mod command;

mod argument;
mod client;
mod commands;
mod connection;
mod error;
mod key;
pub mod literal_keys;
mod macros;
mod measured;
mod pipeline;
mod reply;
mod resp;
mod retry;
mod trace;
mod transaction;
mod version;

pub use argument::{Argument, Arguments, Entries, StoredAs, ValueFor};
pub use client::Client;
pub use command::{
    Access, AllReadOnly, AllowedIn, AllowedOnShared, Command, CommandAccess, CommandInfo, CommandSink,
    ConnectionPolicy, Deferred, Deprecation, Immediate, KeyEffect, KeySpec, MayWrite, Merge, MultiPolicy, OnWrongType,
    OnlyReads, Retryable, Route, Touches,
    encode::{BlockTimeout, BlockTimeoutMillis, FlatPairs, MaybeEmpty, NumKeys},
    flag as option,
    option::{IsSet, IsUnset, Unset},
};
pub use commands::{
    cmd,
    connection::{ConnectionCommands, options::*},
    generic::{KeyCommands, options::*, sort::*},
    hash::{HashCommands, options::*},
    list::{ListCommands, options::*},
    pubsub::PubsubCommands,
    registry,
    reserved::ReservedCommands,
    scripting::{
        ScriptCommands,
        script::{ReadScript, Script},
    },
    server::{ServerCommands, options::*},
    set::SetCommands,
    sorted_set::{SortedSetCommands, options::*, range::*},
    string::{StringCommands, options::*},
};
#[cfg(feature = "tls")]
pub use connection::Tls;
pub use connection::{Config, Event, Events, Metrics, Protocol};
pub use error::{CommandPosition, Error, Result, ServerError, TimeoutKind};
pub use frunk_core::{
    hlist,
    hlist::{HCons, HNil},
    hlist_pat,
};
pub use key::{
    Field, FieldValue, Hash, HashFields, HashValue, Key, KeyFor, KeyType, KeyValues, KeysFor, Kind, List, Number,
    Satisfies, Set, SingleKey, SortedSet, Str, Untyped, ValuesOf, hash_slot,
    need::{
        Adds, AnyKind, AnySet, Anything, ElementsOf, FieldNames, Fields, FieldsOf, FieldsWithValues, Reads, SameAs,
        Scored, Sortable, Writes,
    },
};
pub use macros::HashFields;
pub use pipeline::{
    CanExecute, CanMulti, CanQueue, CanReset, CanRetry, CanRunPrepared, CanUnwatch, CanWatch, CommandFuture,
    CommandList, Each, EntryToken, ExecuteFuture, ExecutePrepared, Idle, IntoQueue, ListEntry, MacroEntry, Mode,
    NonAtomic, OccupiedEntry, Outcome, Pipeline, Prepared, PreparedMode, Queued, ResetFuture, Retrying, Transaction,
    VacantEntry, WatchFuture, Watched, Watching, When,
};
pub use reply::*;
pub use resp::{DecodeError, Reader, Writer};
pub use retry::Retry;
pub use version::{
    AnyVersion, Availability, ModuleVersion, Redis5_0, Redis6_0, Redis6_0_6, Redis6_2, Redis7_0, Redis7_2, Redis7_4,
    Redis8_0, Redis8_2, ServerVersion, Supports, UnreleasedRedis, Version,
};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

#[cfg(doctest)]
#[doc = include_str!("../docs/guide.md")]
struct Guide;

/// What most files want: the commands as methods, and [`hlist_pat!`] to take lists of replies apart.
pub mod prelude {
    pub use crate::{
        ConnectionCommands as _, HashCommands as _, KeyCommands as _, ListCommands as _, PubsubCommands as _,
        ReservedCommands as _, ScriptCommands as _, ServerCommands as _, SetCommands as _, SortedSetCommands as _,
        StringCommands as _, hlist_pat,
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
        },
        error::Error,
        key::{
            Field, FieldReader, HashFields, HashValue, Key, KeyFor, KeyTemplate as Family, KeyType, KeysFor, ValuesOf,
            constant, from_array, from_map, write as write_fields,
        },
        literal_keys::{self, self as literal, KeyEffects},
        pipeline::{
            IntoQueue, Outcome, Pipeline, Watching, detached, execute,
            macro_entry::{apply, check, effect, entry, finish, join, push, track},
            prepare, sendable,
        },
        reply::FromReply,
        resp::{DecodeError, Name, Reader, Writer, door, encoded_len},
        transaction::{Attempts, watch_lost},
        version::{AnyVersion, Availability, Since, Supports, UnreleasedRedis, version_index},
    };
    pub use frunk_core::hlist::{HCons, HNil};
    pub use typedis_macros::{commands as commands_table, keyspace, pipeline};
    pub mod measured {
        pub use crate::measured::*;
    }
    /// What an expansion brings into scope: traits without their names.
    pub mod surface {
        pub use crate::{
            ConnectionCommands as _, HashCommands as _, KeyCommands as _, ListCommands as _, PubsubCommands as _,
            ReservedCommands as _, ScriptCommands as _, ServerCommands as _, SetCommands as _, SortedSetCommands as _,
            StringCommands as _, client::BeginWatch as _, pipeline::IntoQueue as _,
        };
    }
    pub mod shapes {
        pub use crate::reply::*;
    }
}
