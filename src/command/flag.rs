//! Options as types, by their words on the wire: what the types of [`SetOptions`](crate::SetOptions) and the others name
//! when an option was given, and since when the server has it.

use crate::version::{Availability, Since, Supports, version_index};

/// Something that came with a version of Redis: an option, or a form of one.
pub trait Introduced {
    /// The version, such as [`Redis6_2`](crate::Redis6_2).
    type Since;
}

/// An option that a server of the version `V` has. A client that declares no version takes every one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an option that every server of `{V}` has",
    label = "newer than the oldest server of this client"
)]
pub trait AvailableSince<V> {}
impl<V: Supports<O::Since, O>, O: Introduced> AvailableSince<V> for O {}

/// The facts of an option that has a type of its own, as its declaration states them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OptionInfo {
    /// The command that has the option.
    pub command: &'static str,
    /// The option's word on the wire.
    pub word: &'static str,
    /// The first version of each vendor that has the option.
    pub since: Availability,
}

/// `Name = "COMMAND" "WORD" since redis "6.2.0"`: one option of one command, whose word is `Name::WORD`.
///
/// The words behind `since` are those of [`__availability!`](crate::__availability). Where several commands share an
/// option, the row names one whose form without options is older than it.
macro_rules! flags {
    ($($(#[$doc:meta])* $name:ident = $command:literal $word:literal since $vendor:ident $version:tt $(, $($other:tt)+)?;)+) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
            pub struct $name;

            impl $name {
                pub(crate) const WORD: &'static str = $word;
            }

            impl Introduced for $name {
                type Since = crate::__availability!(@redis $vendor $version $(, $($other)+)?);
            }
        )+

        /// The facts of every option that has a type of its own.
        pub const ROWS: &[OptionInfo] = &[$(OptionInfo {
            command: $command,
            word: $word,
            since: crate::__availability!($vendor $version $(, $($other)+)?),
        }),+];
    };
}

flags! {
    /// Only if there is none yet (NX).
    Nx = "ZADD" "NX" since redis "3.0.2";
    /// Only if there is one already (XX).
    Xx = "ZADD" "XX" since redis "3.0.2";
    /// Only if the new one is greater (GT).
    Gt = "ZADD" "GT" since redis "6.2.0";
    /// Only if the new one is less (LT).
    Lt = "ZADD" "LT" since redis "6.2.0";
    /// Expires after so many seconds (EX).
    Ex = "SET" "EX" since redis "2.6.12";
    /// Expires after so many milliseconds (PX).
    Px = "SET" "PX" since redis "2.6.12";
    /// Expires at a Unix time in seconds (EXAT).
    ExAt = "SET" "EXAT" since redis "6.2.0";
    /// Expires at a Unix time in milliseconds (PXAT).
    PxAt = "SET" "PXAT" since redis "6.2.0";
    /// Keeps its expiry (KEEPTTL).
    KeepTtl = "SET" "KEEPTTL" since redis "6.0.0";
    /// Answers the value that was there before (GET).
    SetGet = "SET" "GET" since redis "6.2.0";
    /// From the least to the greatest (ASC).
    Asc = "SORT" "ASC" since redis "1.0.0";
    /// From the greatest to the least (DESC).
    Desc = "SORT" "DESC" since redis "1.0.0";
    /// Says how long nobody used the key (IDLETIME).
    Idletime = "RESTORE" "IDLETIME" since redis "5.0.0";
    /// Says how often the key is used (FREQ).
    Freq = "RESTORE" "FREQ" since redis "5.0.0";
    /// Keys of one type only (TYPE).
    OfType = "SCAN" "TYPE" since redis "6.0.0";
    /// A range of scores (BYSCORE).
    ByScore = "ZRANGE" "BYSCORE" since redis "6.2.0";
    /// A range of members in the order of their bytes (BYLEX).
    ByLex = "ZRANGE" "BYLEX" since redis "6.2.0";
    /// From the greatest to the least (REV).
    Rev = "ZRANGE" "REV" since redis "6.2.0";
    /// The memory of the keys is freed in the background: others are served meanwhile (ASYNC).
    FlushAsync = "FLUSHDB" "ASYNC" since redis "4.0.0";
    /// The memory of the keys is freed before the reply (SYNC).
    FlushSync = "FLUSHDB" "SYNC" since redis "6.2.0";
}

/// NX and GET together, which SET takes since 7.0.
#[derive(Clone, Copy, Debug)]
pub struct NxWithGet;

impl Introduced for NxWithGet {
    type Since = Since<{ version_index("7.0.0") }>;
}
