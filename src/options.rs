//! The options of commands, and the types of replies that depend on them. [`flag`] has the options that are types of
//! their own.

pub use crate::{
    command::{
        flag,
        option::{IsSet, IsUnset, Unset},
    },
    commands::{
        connection::options::UnblockAs,
        generic::{
            options::{CopyOptions, ExpireOptions, KeyFilter, KeyScanOptions, RestoreOptions},
            sort::{MoreValues, SortElements, SortOptions, SortReply, SortRows, SortValues, TakesMore},
        },
        hash::options::ScanOptions,
        list::options::{Inserted, LposOptions, LposReply, Pivot, Side},
        server::options::{FlushMode, ShutdownMode},
        sorted_set::{
            options::{
                Aggregate, ByIndex, CombineOptions, MembersReply, MinMax, Storable, TakesLimit, TakesScores,
                ZaddOptions, ZaddOptionsFor, ZaddReply, ZrangeOptions, ZrangebyscoreOptions,
            },
            range::{LexRange, Score, ScoreRange},
        },
        string::options::{GetExpiry, LcsOptions, LcsReply, Previous, SetOptions, SetReply, TakesLeastLength},
    },
};
