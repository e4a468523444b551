//! Options as types, named by their words on the wire. They are the type state of
//! [`SetOptions`](crate::options::SetOptions) and others once the option is given, and carry the version that
//! introduced them.

use crate::version::{Availability, Since, Supports, version_index};

/// An option, or a combination of options, with the version that introduced it.
pub trait Introduced {
    /// The version of Redis, such as [`Redis6_2`](crate::version::Redis6_2).
    type Since;
}

/// An option that every server since the version `V` has. A client without a declared version accepts every option.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an option that every server of `{V}` has",
    label = "newer than the oldest server of this client"
)]
pub trait AvailableSince<V> {}
impl<V: Supports<O::Since, O>, O: Introduced> AvailableSince<V> for O {}

/// Options that are given together.
impl<V, A: AvailableSince<V>, B: AvailableSince<V>> AvailableSince<V> for (A, B) {}

/// The facts of an option that has a type of its own.
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
/// If several commands share an option, the row names one whose form without options is older than the option. An
/// option that is newer than Redis 7.2.4 states the version of Valkey too, as a row of
/// [`commands!`](macro@crate::commands) does:
///
/// ```text
/// since redis "6.2.0"                      every Valkey has the option too
/// since redis "8.0.0", valkey "9.0.0"      each vendor since a version of its own
/// since redis "8.0.0", valkey never        one vendor alone, or the other way round
/// ```
macro_rules! flags {
    ($($(#[$doc:meta])* $name:ident = $command:literal $word:literal since $vendor:ident $version:tt $(, $other:ident $since:tt)?;)+) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
            pub struct $name;

            impl $name {
                pub(crate) const WORD: &'static str = $word;
            }

            impl Introduced for $name {
                type Since = flags!(@type $vendor $version $(, $other $since)?);
            }
        )+

        /// The facts of every option that has a type of its own.
        pub const FLAGS: &[OptionInfo] = &[$(OptionInfo {
            command: $command,
            word: $word,
            since: flags!(@data $vendor $version $(, $other $since)?),
        }),+];
    };

    (@data redis $redis:literal) => { Availability::inherited($redis) };
    (@data redis $redis:literal, valkey $valkey:literal) => { Availability::by_vendor(Some($redis), Some($valkey)) };
    (@data redis $redis:literal, valkey never) => { Availability::by_vendor(Some($redis), None) };
    (@data redis never, valkey $valkey:literal) => { Availability::by_vendor(None, Some($valkey)) };

    (@type redis never, $($valkey:tt)+) => { crate::version::UnreleasedRedis };
    (@type redis $redis:literal $(, $($valkey:tt)+)?) => { Since<{ version_index($redis) }> };
}

flags! {
    /// Only if the key or the member does not exist (NX).
    Nx = "ZADD" "NX" since redis "3.0.2";
    /// Only if the key or the member exists (XX).
    Xx = "ZADD" "XX" since redis "3.0.2";
    /// Only if the new score is higher, or the new expiry later (GT).
    Gt = "ZADD" "GT" since redis "6.2.0";
    /// Only if the new score is lower, or the new expiry earlier (LT).
    Lt = "ZADD" "LT" since redis "6.2.0";
    /// An expiry after a number of seconds (EX).
    Ex = "SET" "EX" since redis "2.6.12";
    /// An expiry after a number of milliseconds (PX).
    Px = "SET" "PX" since redis "2.6.12";
    /// An expiry at a Unix time in seconds (EXAT).
    ExAt = "SET" "EXAT" since redis "6.2.0";
    /// An expiry at a Unix time in milliseconds (PXAT).
    PxAt = "SET" "PXAT" since redis "6.2.0";
    /// Keeps the key's expiry (KEEPTTL).
    KeepTtl = "SET" "KEEPTTL" since redis "6.0.0";
    /// Returns the old value (GET).
    SetGet = "SET" "GET" since redis "6.2.0";
    /// In ascending order (ASC).
    Asc = "SORT" "ASC" since redis "1.0.0";
    /// In descending order (DESC).
    Desc = "SORT" "DESC" since redis "1.0.0";
    /// The seconds since the last access (IDLETIME).
    Idletime = "RESTORE" "IDLETIME" since redis "5.0.0";
    /// The access frequency (FREQ).
    Freq = "RESTORE" "FREQ" since redis "5.0.0";
    /// Only keys of one type (TYPE).
    OfType = "SCAN" "TYPE" since redis "6.0.0";
    /// A range of scores (BYSCORE).
    ByScore = "ZRANGE" "BYSCORE" since redis "6.2.0";
    /// A range of members in the order of their bytes (BYLEX).
    ByLex = "ZRANGE" "BYLEX" since redis "6.2.0";
    /// In descending order (REV).
    Rev = "ZRANGE" "REV" since redis "6.2.0";
    /// Only connections that are open for a number of seconds (MAXAGE).
    ClientMaxage = "CLIENT KILL" "MAXAGE" since redis "7.4.0", valkey "8.0.0";
    /// Only connections of one user, and the other filters of CLIENT LIST that came with this one (USER).
    ListFilters = "CLIENT LIST" "USER" since redis never, valkey "8.1.0";
    /// All connections but some, and the other filters of CLIENT LIST and CLIENT KILL that came with this one (NOT-ID).
    ClientFilters = "CLIENT KILL" "NOT-ID" since redis never, valkey "9.0.0";
    /// Frees the memory of the keys in the background, after the reply (ASYNC).
    FlushAsync = "FLUSHDB" "ASYNC" since redis "4.0.0";
    /// Frees the memory of the keys before the reply (SYNC).
    FlushSync = "FLUSHDB" "SYNC" since redis "6.2.0";
}

/// NX and GET together, which SET accepts since 7.0.
#[derive(Clone, Copy, Debug)]
pub struct NxWithGet;

impl Introduced for NxWithGet {
    type Since = Since<{ version_index("7.0.0") }>;
}
