//! Redis and Valkey pipelines whose *type* knows which commands they hold, in which state they are, and the type of each
//! command's reply.
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
//! - [`Client`] connects to one server and sends single commands, [`ClusterClient`] to a cluster; [`Config`] has the settings that a URL lacks.
//! - [`Pipeline`] is the state machine, with the states [`Idle`](pipeline::Idle), [`Watching`](pipeline::Watching) and
//!   [`Queued`](pipeline::Queued); [`Outcome`] is the result of a watched transaction.
//! - [`pipeline!`] is the macro for the same, with tuples and a built-in retry loop.
//! - [`mod@commands`] has the commands, as methods of one trait for each group, on clients and pipelines alike. The
//!   documentation of each shows its reply, versions and access; [docs/commands.md] lists all of them.
//! - [`keyspace!`] declares an application's keys; a [`Key`] knows the type of its value.
//! - [`HashFields`](derive@HashFields) maps a struct to a hash.
//! - [`Client::close`], [`Client::events`] and [`Client::metrics`] are for operators.
//! - [`Error`] has the cause, the position of the command, and whether a command may have run.
//! - [`commands!`] declares commands of your own.
//!
//! [docs/commands.md]: commands::registry
//!
//! # Modules
//!
//! The root has the names that most programs need. The others are in modules by subject:
//!
//! - [`argument`]: values that can be written. [`reply`]: types that can be read, and the shapes of replies.
//! - [`key`]: the kinds of keys, and the needs of commands.
//! - [`mod@commands`]: the groups of commands, and their registry. [`options`]: the options of commands. [`command`]: a
//!   command's type and facts.
//! - [`mod@pipeline`]: the states, modes and futures of pipelines, for signatures.
//! - [`version`]: server versions as types. [`topology`]: one server, or a cluster. [`error`]: the parts of an error.
//! - [`prelude`]: the traits with the commands, and [`hlist_pat!`].
//!
//! Lists of commands and replies are `HCons` and `HNil` of the crate `frunk`. They are the same types, re-exported from
//! `frunk_core`, so frunk's own `hlist_pat!` matches them as [`hlist_pat!`] does.
//!
//! # Features
//!
//! - `bloom`, off by default: the commands of the module `bf`, in `commands::bloom`.
//! - `json`, off by default: the commands of the module `ReJSON`, in `commands::json`.
//! - `search`, off by default: the commands of the module `search`, in `commands::search`.
//! - `serde`, off by default: values of serde as JSON documents.
//! - `tls`, off by default: `rediss://` URLs and `Config::tls`.
//! - `tracing`, off by default: a span for each command, each execution of a pipeline and each retried transaction. Their
//!   names and fields are in the guide, in the section "What the operator sees".
//!
//! # Layout
//!
//! The modules of the source form layers. A file imports only from its own layer or from those above it in this list; a
//! test checks it.
//!
//! - `error`: the error type. `retry`: the retry policy. `version`: that of servers, as types.
//!   `macros`: the macros.
//! - `resp`: the protocol: encoder, scanner and reader.
//! - `trace`: spans, which are empty without the feature `tracing`.
//! - `reply`, `argument`: types that can be read and written.
//! - `row`: a command as a type, with its facts and its entry in a queue.
//! - `key`: keys, their slots, and the fields of hashes. `topology`: that of servers, as types.
//! - `command`: what may be done with a command where, and the analysis of literal keys.
//! - `commands`: the rows, a folder for each group, with its options and replies. `options`: those of all groups.
//! - `connection`: configuration, handshake, the multiplexed connection, the pool, and the router above them.
//! - `pipeline`: the state machine, batches, replies and futures.
//! - `transaction`: the retry loop. `key_scan`: all keys, page by page. `replicas`: the client that only reads. `client`: the
//!   client.

#[macro_use]
pub mod command;

pub mod argument;
mod bench_support;
mod client;
pub mod commands;
mod connection;
pub mod error;
pub mod key;
mod key_scan;
mod macros;
pub mod options;
pub mod pipeline;
mod rare;
mod replicas;
pub mod reply;
mod resp;
mod retry;
mod row;
mod slot;
pub mod topology;
mod trace;
mod transaction;
pub mod version;

pub use client::{Client, ClientOn, ClusterClient};
pub use commands::scripting::script::{ReadScript, Script};
#[cfg(feature = "tls")]
pub use connection::Tls;
pub use connection::{Config, Event, Events, Metrics, NodeMetrics, Protocol};
pub use error::{Error, Result, ServerError};
pub use frunk_core::{hlist, hlist_pat};
pub use key::{HashFields, Key};
pub use key_scan::KeyScan;
pub use macros::HashFields;
pub use pipeline::{Commands, Outcome, Pipeline, Prepared, ReadCommands};
pub use replicas::ReplicaClient;
pub use reply::Value;
pub use retry::Retry;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

#[cfg(doctest)]
#[doc = include_str!("../docs/guide.md")]
struct Guide;

/// The traits with the commands as methods and with [`execute`](crate::pipeline::Execute), and [`hlist_pat!`] to match lists of replies.
pub mod prelude {
    #[cfg(feature = "json")]
    pub use crate::commands::JsonCommands as _;
    #[cfg(feature = "time_series")]
    pub use crate::commands::TimeSeriesCommands as _;
    #[cfg(feature = "bloom")]
    pub use crate::commands::{
        BloomFilterCommands as _, CountMinSketchCommands as _, CuckooFilterCommands as _, TDigestCommands as _,
        TopKCommands as _,
    };
    #[cfg(feature = "search")]
    pub use crate::commands::{SearchCommands as _, SuggestionCommands as _};
    pub use crate::{
        commands::{
            AclCommands as _, ArrayCommands as _, BitmapCommands as _, ClusterCommands as _, ConnectionCommands as _,
            DiagnosticsCommands as _, FieldExpiryCommands as _, GeoCommands as _, HashCommands as _,
            HyperLogLogCommands as _, IntrospectionCommands as _, KeyCommands as _, ListCommands as _,
            OldRangeCommands as _, PubsubCommands as _, ReplicationCommands as _, ReservedCommands as _,
            ScriptCommands as _, ServerCommands as _, SetCommands as _, SortedSetCommands as _, StreamCommands as _,
            StreamGroupCommands as _, StringCommands as _, VectorSetCommands as _,
        },
        hlist_pat,
        pipeline::Execute as _,
    };
}

/// The items that expansions of the macros use; nothing here is stable.
#[doc(hidden)]
pub mod __private {
    pub use crate::{
        argument::{Arguments, Entries},
        client::{BeginWatch, Client},
        command::{
            Access, AllowedIn, AllowedOnShared, AnySlot, Command, CommandInfo, CommandSink, ConnectionPolicy, Deferred,
            Deprecation, EntryOf, KeyEffect, KeySlot, KeySpec, MayWrite, Merge, MultiPolicy, OnWrongType, OnlyReads,
            ReachesEveryNode, ReachesOneServer, Route, Runs, Touches,
            encode::{AsKey, AsKeyPairs, AsKeyRows},
            literal_keys::{self, KeyEffects},
            literal_slots::{self, Constant},
        },
        error::Error,
        key::{
            Field, FieldReader, HashFields, HashValue, InSlot, Key, KeyFor, KeyTemplate, KeyType, KeysFor, SingleKey,
            ValuesOf, constant, constant_in_slot, from_array, from_map, need::AnyKind, write_fields,
        },
        pipeline::{
            IntoQueue, Outcome, Pipeline, Watching, apply, check, effect, entry, execute, finish, first_key, join,
            key_slot, literal, next_key, prepare, preparing, push, reaching, sendable, track, watched,
        },
        reply::FromReply,
        resp::{DecodeError, Name, Reader, Writer, encoded_len, fuzz_api},
        transaction::Attempts,
        version::{
            AnyVersion, Availability, OnRedis, OnRedisAlone, OnValkey, OnValkeyAlone, RedisSince, ValkeySince,
            redis_index, valkey_index,
        },
    };
    pub use frunk_core::hlist::{HCons, HNil};
    pub use typedis_macros::{commands as commands_table, keyspace, pipeline};
    /// For the derives of search.
    #[cfg(feature = "search")]
    pub mod search {
        pub use crate::commands::search::{
            Column, ColumnReader, DocumentPart, FieldSchema, Geo, IndexedField, Numeric, SchemaWord, SearchDocument,
            SearchRow, Sortable, Tag, Text, Unsortable, VectorValue, Vectors, is_same_name, is_separated_by,
        };
    }
    pub mod bench_support {
        pub use crate::bench_support::{NodeLookup, count, read};
    }
    /// The traits that an expansion brings into scope, without their names.
    pub mod surface {
        #[cfg(feature = "json")]
        pub use crate::commands::JsonCommands as _;
        #[cfg(feature = "time_series")]
        pub use crate::commands::TimeSeriesCommands as _;
        #[cfg(feature = "bloom")]
        pub use crate::commands::{
            BloomFilterCommands as _, CountMinSketchCommands as _, CuckooFilterCommands as _, TDigestCommands as _,
            TopKCommands as _,
        };
        #[cfg(feature = "search")]
        pub use crate::commands::{SearchCommands as _, SuggestionCommands as _};
        pub use crate::{
            client::BeginWatch as _,
            command::literal_slots::{AnyConstant as _, ReachingAny as _},
            commands::{
                AclCommands as _, ArrayCommands as _, BitmapCommands as _, ClusterCommands as _,
                ConnectionCommands as _, DiagnosticsCommands as _, FieldExpiryCommands as _, GeoCommands as _,
                HashCommands as _, HyperLogLogCommands as _, IntrospectionCommands as _, KeyCommands as _,
                ListCommands as _, OldRangeCommands as _, PubsubCommands as _, ReplicationCommands as _,
                ReservedCommands as _, ScriptCommands as _, ServerCommands as _, SetCommands as _,
                SortedSetCommands as _, StreamCommands as _, StreamGroupCommands as _, StringCommands as _,
                VectorSetCommands as _,
            },
            pipeline::IntoQueue as _,
        };
    }
    pub mod shapes {
        pub use crate::reply::{
            Any, Array, Bulk, Double, Fallible, Flag, Integer, Map, Nullable, Offset, Pairs, Single, SortRows, Status,
            Triples, Tuple, TypeName,
        };
    }
}
