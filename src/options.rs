//! The options of commands, and the types of replies that depend on them. [`flag`] has the options that are types of
//! their own.

pub use crate::{
    command::option::{IsSet, IsUnset, Unset},
    commands::{
        connection::options::UnblockAs,
        generic::{
            options::{CopyOptions, ExpireOptions, RestoreOptions, SingleCondition},
            sort::{MoreValues, SortElements, SortOptions, SortReply, SortValues, TakesMore},
        },
        hash::options::HsetexOptions,
        list::options::{Inserted, LmovemOptions, LmovemReply, LposOptions, LposReply, MoveOrder, Moved, Pivot, Side},
        scan::{KeyFilter, KeyScanOptions, ScanOptions},
        server::options::{FlushMode, ShutdownOptions},
        set::options::SunioncardOptions,
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
        Acked, AggregateCount, Asc, AutoSequence, AvailableSince, ByLex, ByPolygon, ByScore, Claim, ClientFilters,
        ClientMaxage, CountAny, DelRef, Desc, EntriesRead, Ex, ExAt, FLAGS, FlushAsync, FlushSync, Fnx, Freq, Fxx,
        GeoaddCh, GeoaddNx, GeoaddXx, Gt, HsetexNx, HsetexXx, Idletime, Idmp, IdmpAuto, IfDeq, IfDne, IfEq, IfNe,
        InBits, KeepRef, KeepTtl, KillLaddr, ListFilters, ListIds, Lt, MaxCount, MaxLen, MaxSize, MinId, NoMkStream,
        Nx, NxWithGet, OfType, OptionInfo, PendingIdle, Persist, Px, PxAt, Rev, SetGet, TrimLimit, WithAttribs, Xx,
    };
}
