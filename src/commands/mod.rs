//! The commands of Redis and Valkey, as one trait for each group. Rows, options and replies of a group stand in one
//! folder.

pub mod acl;
pub mod array;
pub mod bitmap;
#[cfg(feature = "bloom")]
pub mod bloom;
pub mod cluster;
pub mod connection;
pub mod diagnostics;
pub(crate) mod generic;
pub mod geo;
pub(crate) mod hash;
pub mod hyperloglog;
pub mod introspection;
#[cfg(feature = "json")]
pub mod json;
pub(crate) mod list;
pub(crate) mod pubsub;
pub mod replication;
pub(crate) mod reserved;
pub(crate) mod scan;
pub mod scripting;
#[cfg(feature = "search")]
pub mod search;
pub mod server;
pub(crate) mod set;
pub(crate) mod slots;
pub(crate) mod sorted_set;
pub mod stream;
pub(crate) mod string;
#[cfg(feature = "time_series")]
pub mod time_series;
pub mod vector_set;

pub use acl::AclCommands;
pub use array::ArrayCommands;
pub use bitmap::BitmapCommands;
#[cfg(feature = "bloom")]
pub use bloom::{BloomFilterCommands, CountMinSketchCommands, CuckooFilterCommands, TDigestCommands, TopKCommands};
pub use cluster::ClusterCommands;
pub use connection::ConnectionCommands;
pub use diagnostics::DiagnosticsCommands;
pub use generic::{
    KeyCommands,
    replies::{ExpireTime, Fsynced, PexpireTime, Pttl, Ttl},
};
pub use geo::GeoCommands;
pub use hash::{
    HashCommands,
    expiry::FieldExpiryCommands,
    replies::{FieldExpireTime, FieldExpiry, FieldPersisted, FieldPexpireTime, FieldPttl, FieldTtl},
};
pub use hyperloglog::HyperLogLogCommands;
pub use introspection::IntrospectionCommands;
#[cfg(feature = "json")]
pub use json::JsonCommands;
pub use list::ListCommands;
pub use pubsub::PubsubCommands;
pub use replication::ReplicationCommands;
pub use reserved::ReservedCommands;
pub use scripting::ScriptCommands;
#[cfg(feature = "search")]
pub use search::{SearchCommands, SuggestionCommands};
pub use server::ServerCommands;
pub use set::{
    SetCommands,
    replies::{MemberExpireTime, MemberExpiry, MemberPersisted, MemberPexpireTime, MemberPttl, MemberTtl},
};
pub use sorted_set::{SortedSetCommands, old_ranges::OldRangeCommands};
pub use stream::{StreamCommands, groups::StreamGroupCommands};
pub use string::{
    StringCommands,
    compare::Digest,
    increx::Incremented,
    options::{LcsMatch, LcsMatches},
};
#[cfg(feature = "time_series")]
pub use time_series::TimeSeriesCommands;
pub use vector_set::VectorSetCommands;

use crate::command::CommandInfo;

/// Returns the facts of every command in the table, group by group. The page `docs/commands.md` is written from them.
///
/// ```
/// let incr = typedis::commands::registry().find(|row| row.name == "INCR").unwrap();
/// assert_eq!((incr.method, incr.since.redis), ("incr", Some("1.0.0")));
/// ```
pub fn registry() -> impl Iterator<Item = &'static CommandInfo> {
    let groups: &[&[CommandInfo]] = &[
        string::STRING_COMMANDS,
        generic::KEY_COMMANDS,
        hash::HASH_COMMANDS,
        hash::expiry::FIELD_EXPIRY_COMMANDS,
        list::LIST_COMMANDS,
        set::SET_COMMANDS,
        sorted_set::SORTED_SET_COMMANDS,
        geo::GEO_COMMANDS,
        bitmap::BITMAP_COMMANDS,
        hyperloglog::HYPER_LOG_LOG_COMMANDS,
        vector_set::VECTOR_SET_COMMANDS,
        array::ARRAY_COMMANDS,
        sorted_set::old_ranges::OLD_RANGE_COMMANDS,
        stream::STREAM_COMMANDS,
        stream::groups::STREAM_GROUP_COMMANDS,
        scripting::SCRIPT_COMMANDS,
        server::SERVER_COMMANDS,
        introspection::INTROSPECTION_COMMANDS,
        diagnostics::DIAGNOSTICS_COMMANDS,
        replication::REPLICATION_COMMANDS,
        acl::ACL_COMMANDS,
        cluster::CLUSTER_COMMANDS,
        connection::CONNECTION_COMMANDS,
        pubsub::PUBSUB_COMMANDS,
        reserved::RESERVED_COMMANDS,
        #[cfg(feature = "bloom")]
        bloom::bloom_filter::BLOOM_FILTER_COMMANDS,
        #[cfg(feature = "bloom")]
        bloom::cuckoo_filter::CUCKOO_FILTER_COMMANDS,
        #[cfg(feature = "bloom")]
        bloom::count_min_sketch::COUNT_MIN_SKETCH_COMMANDS,
        #[cfg(feature = "bloom")]
        bloom::top_k::TOP_K_COMMANDS,
        #[cfg(feature = "bloom")]
        bloom::t_digest::T_DIGEST_COMMANDS,
        #[cfg(feature = "json")]
        json::JSON_COMMANDS,
        #[cfg(feature = "time_series")]
        time_series::TIME_SERIES_COMMANDS,
        #[cfg(feature = "search")]
        search::SEARCH_COMMANDS,
        #[cfg(feature = "search")]
        search::suggestions::SUGGESTION_COMMANDS,
    ];
    groups.iter().copied().flatten()
}

/// Every command as a type, for signatures such as `Pipeline<Queued<HCons<types::Incr, HNil>>>`.
pub mod types {
    #[cfg(feature = "bloom")]
    #[doc(inline)]
    pub use super::bloom::{
        bloom_filter::cmd::*, count_min_sketch::cmd::*, cuckoo_filter::cmd::*, t_digest::cmd::*, top_k::cmd::*,
    };
    #[cfg(feature = "json")]
    #[doc(inline)]
    pub use super::json::cmd::*;
    #[cfg(feature = "search")]
    #[doc(inline)]
    pub use super::search::{cmd::*, suggestions::cmd::*};
    #[cfg(feature = "time_series")]
    #[doc(inline)]
    pub use super::time_series::cmd::*;
    #[doc(inline)]
    pub use super::{
        acl::cmd::*, array::cmd::*, bitmap::cmd::*, cluster::cmd::*, connection::cmd::*, diagnostics::cmd::*,
        generic::cmd::*, geo::cmd::*, hash::cmd::*, hash::expiry::cmd::*, hyperloglog::cmd::*, introspection::cmd::*,
        list::cmd::*, pubsub::cmd::*, replication::cmd::*, reserved::cmd::*, scripting::cmd::*, server::cmd::*,
        set::cmd::*, sorted_set::cmd::*, sorted_set::old_ranges::cmd::*, stream::cmd::*, stream::groups::cmd::*,
        string::cmd::*, vector_set::cmd::*,
    };
}
