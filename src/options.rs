//! The options of commands, and the types of replies that depend on them. [`flag`] has the options that are types of
//! their own.

pub use crate::{
    command::option::{IsSet, IsUnset, Unset},
    commands::{
        connection::options::UnblockAs,
        generic::{
            options::{CopyOptions, ExpireOptions, RestoreOptions},
            sort::{MoreValues, SortElements, SortOptions, SortReply, SortValues, TakesMore},
        },
        list::options::{Inserted, LposOptions, LposReply, Pivot, Side},
        scan::{KeyFilter, KeyScanOptions, ScanOptions},
        server::options::{FlushMode, ShutdownMode},
        sorted_set::{
            options::{
                Aggregate, ByIndex, CombineOptions, MembersReply, MinMax, Storable, TakesLimit, TakesScores,
                ZaddOptions, ZaddOptionsFor, ZaddReply, ZrangeOptions, ZrangebyscoreOptions,
            },
            range::{LexRange, Score, ScoreRange},
        },
        string::options::{GetExpiry, LcsOptions, LcsReply, Previous, SetOptions, SetReply, TakesMinMatchLen},
    },
};

/// Options as types, named by their words on the wire: the type state of [`SetOptions`] and others once the option is
/// given. Each carries the version that introduced it.
pub mod flag {
    pub use crate::command::flag::{
        Asc, AvailableSince, ByLex, ByScore, ClientFilters, ClientMaxage, Desc, Ex, ExAt, FLAGS, FlushAsync, FlushSync,
        Freq, Gt, Idletime, Introduced, KeepTtl, ListFilters, Lt, Nx, NxWithGet, OfType, OptionInfo, Px, PxAt, Rev,
        SetGet, Xx,
    };
}
