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
        hash::options::{FieldCondition, HsetexOptions},
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
        string::{
            compare::{Compares, DelexOptions, RemovesIf, WritesIf},
            increx::{IncrexNumber, IncrexOptions, TakesEnx},
            options::{
                GetExpiry, LcsOptions, LcsReply, MsetexOptions, Previous, SetOptions, SetReply, TakesMinMatchLen,
            },
        },
    },
};

/// Options as types, named by their words on the wire: the type state of [`SetOptions`] and others once the option is
/// given. Each carries the version that introduced it.
pub mod flag {
    pub use crate::command::flag::{
        Asc, AvailableSince, ByLex, ByPolygon, ByScore, CountAny, Desc, Ex, ExAt, FLAGS, FlushAsync, FlushSync, Fnx,
        Freq, Fxx, GeoaddCh, GeoaddNx, GeoaddXx, Gt, HsetexNx, HsetexXx, Idletime, IfDeq, IfDne, IfEq, IfNe, InBits,
        Introduced, KeepTtl, Lt, Nx, NxWithGet, OfType, OptionInfo, Persist, Px, PxAt, Rev, SetGet, WithAttribs, Xx,
    };
}
