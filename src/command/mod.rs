//! Commands as types: the facts of a row, and the trait of the sinks that commands are submitted to.

#[macro_use]
mod table;
mod dispatch;
pub mod encode;
pub(crate) mod flag;
pub mod literal_keys;
pub mod literal_slots;
pub(crate) mod option;

pub(crate) use crate::row::sealed;
pub use crate::row::{
    Access, AllReadOnly, AnySlot, Command, CommandAccess, CommandInfo, CommandSink, ConnectionPolicy, Deprecation,
    EntryOf, Guardable, Joins, KeyEffect, KeySlot, KeySpec, Keyed, KnownSlot, MayWrite, Merge, MultiPolicy,
    OnWrongType, OnlyReads, Retryable, Route, Runs, SameSlotAs, Slot, Touches,
};
pub use dispatch::{
    AllowedIn, AllowedOnShared, Deferred, EveryNode, FromReplicas, Immediate, Lent, LentFor, OneNode, ReachesEveryNode,
    ReachesOneServer, ServedByReplicas,
};
