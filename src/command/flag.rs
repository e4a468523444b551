//! Options as types, named by their words on the wire. They are the type state of
//! [`SetOptions`](crate::options::SetOptions) and others once the option is given, and carry the versions that
//! introduced them.

use crate::version::{
    Availability, OnRedis, OnRedisAlone, OnValkey, OnValkeyAlone, Redis7_0, RedisSince, ValkeySince, redis_index,
    valkey_index,
};

/// An option, or a combination of options, that the servers `V` of a client have. A client without a declared version accepts
/// every option.
///
/// An option of a row of your own has it by a bound, which also words the compiler's message:
///
/// ```
/// use typedis::{options::flag::AvailableSince, version::{OnRedis, OnValkeyAlone, Redis6_2, Valkey9_0}};
///
/// struct Newer;
/// impl<V: OnRedis<Redis6_2, Newer>> AvailableSince<V> for Newer {}
///
/// struct OfOneVendor;
/// impl<V: OnValkeyAlone<Valkey9_0, OfOneVendor>> AvailableSince<V> for OfOneVendor {}
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an option that every server of `{V}` has",
    label = "newer than the oldest server of this client"
)]
pub trait AvailableSince<V> {}

/// An option that servers [have](Has) by a version.
pub trait Flag {}

/// The declared servers `Self` have the option `O`. Where [`AvailableSince`] itself had an impl for each option, the compiler would
/// quote one in each message.
pub trait Has<O> {}

impl<V: Has<O>, O: Flag> AvailableSince<V> for O {}

/// Options that are given together.
impl<A: Flag, B: Flag> Flag for (A, B) {}
impl<V: Has<A> + Has<B>, A, B> Has<(A, B)> for V {}

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
///
/// `fallback "use ..."` behind it is what the compiler's message says where a declared server lacks the option.
macro_rules! flags {
    ($(
        $(#[$doc:meta])*
        $name:ident = $command:literal $word:literal
            since redis $redis:tt $(, valkey $valkey:tt)? $(, fallback $fallback:literal)?;
    )+) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
            pub struct $name;

            impl $name {
                pub(crate) const WORD: &'static str = $word;
            }

            impl Flag for $name {}
            flags!(@available $name [$redis $($valkey)?] $($fallback)?);
        )+

        /// The facts of every option that has a type of its own.
        pub const FLAGS: &[OptionInfo] = &[$(OptionInfo {
            command: $command,
            word: $word,
            since: flags!(@data $redis $($valkey)?),
        }),+];
    };

    (@available $name:ident [$($since:tt)+]) => {
        flags!(@on [$($since)+] $name [impl<V> Has<$name> for V where V]);
    };
    // The message of each has a fallback of its own, so each has a trait of its own.
    (@available $name:ident [$redis:literal] $fallback:literal) => {
        flags!(@fallback $name [$redis] $fallback "`{What}` came with `{Redis}`, and this client declares `{Self}`");
    };
    (@available $name:ident [$redis:literal never] $fallback:literal) => {
        flags!(@fallback $name [$redis never] $fallback
            "no Valkey has `{What}`, which came with `{Redis}`, and this client declares `{Self}`");
    };
    (@available $name:ident [never $valkey:literal] $fallback:literal) => {
        flags!(@fallback $name [never $valkey] $fallback
            "no Redis has `{What}`, which came with `{Valkey}`, and this client declares `{Self}`");
    };
    (@available $name:ident [$redis:literal $valkey:literal] $fallback:literal) => {
        flags!(@fallback $name [$redis $valkey] $fallback
            "`{What}` came with `{Redis}` and `{Valkey}`, and this client declares `{Self}`");
    };
    (@fallback $name:ident [$($since:tt)+] $fallback:literal $message:literal) => {
        const _: () = {
            #[diagnostic::on_unimplemented(
                message = $message,
                label = "not on every server of this client",
                note = $fallback,
                note = "or declare other servers where the client is made: `Config::from_url(url)?.at_least(..)`"
            )]
            pub trait OnServer<What, Redis, Valkey> {}

            flags!(@on [$($since)+] $name [
                #[diagnostic::do_not_recommend]
                impl<V> OnServer<$name, flags!(@redis $($since)+), flags!(@valkey $($since)+)> for V where V
            ]);

            impl<V> Has<$name> for V where V: OnServer<$name, flags!(@redis $($since)+), flags!(@valkey $($since)+)> {}
        };
    };
    (@on [$redis:literal] $name:ident [$($head:tt)+]) => {
        $($head)+: OnRedis<flags!(@redis $redis), $name> {}
    };
    (@on [$redis:literal never] $name:ident [$($head:tt)+]) => {
        $($head)+: OnRedisAlone<flags!(@redis $redis), $name> {}
    };
    (@on [never $valkey:literal] $name:ident [$($head:tt)+]) => {
        $($head)+: OnValkeyAlone<flags!(@valkey never $valkey), $name> {}
    };
    (@on [$redis:literal $valkey:literal] $name:ident [$($head:tt)+]) => {
        $($head)+: OnRedis<flags!(@redis $redis), $name> + OnValkey<flags!(@valkey $redis $valkey), $name> {}
    };

    (@data $redis:literal) => { Availability::inherited($redis) };
    (@data $redis:literal never) => { Availability::by_vendor(Some($redis), None) };
    (@data $redis:literal $valkey:literal) => { Availability::by_vendor(Some($redis), Some($valkey)) };
    (@data never $valkey:literal) => { Availability::by_vendor(None, Some($valkey)) };

    (@redis never $valkey:literal) => { () };
    (@redis $redis:literal $($valkey:tt)?) => { RedisSince<{ redis_index($redis) }> };
    (@valkey $redis:literal $(never)?) => { () };
    (@valkey $redis:tt $valkey:literal) => { ValkeySince<{ valkey_index($valkey) }> };
}

flags! {
    /// Only if the key or the member does not exist (NX).
    Nx = "ZADD" "NX" since redis "3.0.2";
    /// Only if the key or the member exists (XX).
    Xx = "ZADD" "XX" since redis "3.0.2";
    /// Only if the new score is higher, or the new expiry later (GT).
    Gt = "ZADD" "GT" since redis "6.2.0",
        fallback "compare the scores in a `Script`, or behind a `watch`";
    /// Only if the new score is lower, or the new expiry earlier (LT).
    Lt = "ZADD" "LT" since redis "6.2.0",
        fallback "compare the scores in a `Script`, or behind a `watch`";
    /// An expiry after a number of seconds (EX).
    Ex = "SET" "EX" since redis "2.6.12";
    /// An expiry after a number of milliseconds (PX).
    Px = "SET" "PX" since redis "2.6.12";
    /// An expiry at a Unix time in seconds (EXAT).
    ExAt = "SET" "EXAT" since redis "6.2.0",
        fallback "use `ex` with the seconds that are left until then";
    /// An expiry at a Unix time in milliseconds (PXAT).
    PxAt = "SET" "PXAT" since redis "6.2.0",
        fallback "use `px` with the milliseconds that are left until then";
    /// Keeps the key's expiry (KEEPTTL).
    KeepTtl = "SET" "KEEPTTL" since redis "6.0.0",
        fallback "read the expiry by `pttl` behind a `watch`, and give it again";
    /// Returns the old value (GET).
    SetGet = "SET" "GET" since redis "6.2.0",
        fallback "use `getset`, or read the value behind a `watch`";
    // Options that the vendors have since versions of their own.
    /// Only if none of the fields exists (FNX).
    Fnx = "HSETEX" "FNX" since redis "8.0.0", valkey "9.0.0";
    /// Only if all of the fields exist (FXX).
    Fxx = "HSETEX" "FXX" since redis "8.0.0", valkey "9.0.0";
    /// Only if the hash does not exist (NX).
    HsetexNx = "HSETEX" "NX" since redis never, valkey "9.1.0",
        fallback "ask for the hash by `exists` behind a `watch`, or use a `Script`";
    /// Only if the hash exists (XX).
    HsetexXx = "HSETEX" "XX" since redis never, valkey "9.1.0",
        fallback "ask for the hash by `exists` behind a `watch`, or use a `Script`";
    /// Only if the string is this value (IFEQ).
    IfEq = "SET" "IFEQ" since redis "8.4.0", valkey "8.1.0",
        fallback "compare the value in a `Script`, or behind a `watch`";
    /// Only if the string is not this value (IFNE).
    IfNe = "SET" "IFNE" since redis "8.4.0", valkey "9.2.0",
        fallback "compare the value in a `Script`, or behind a `watch`";
    /// Only if the string has this digest (IFDEQ).
    IfDeq = "SET" "IFDEQ" since redis "8.4.0", valkey never,
        fallback "compare the value in a `Script`, or behind a `watch`";
    /// Only if the string has another digest (IFDNE).
    IfDne = "SET" "IFDNE" since redis "8.4.0", valkey never,
        fallback "compare the value in a `Script`, or behind a `watch`";
    /// The number of keys that have a member, in place of the combined score (AGGREGATE COUNT).
    AggregateCount = "ZUNION" "COUNT" since redis "8.8.0", valkey never;
    // Options that Valkey inherited.
    /// Removes the key's expiry (PERSIST).
    Persist = "GETEX" "PERSIST" since redis "6.2.0";
    /// In ascending order (ASC).
    Asc = "SORT" "ASC" since redis "1.0.0";
    /// In descending order (DESC).
    Desc = "SORT" "DESC" since redis "1.0.0";
    /// The seconds since the last access (IDLETIME).
    Idletime = "RESTORE" "IDLETIME" since redis "5.0.0";
    /// The access frequency (FREQ).
    Freq = "RESTORE" "FREQ" since redis "5.0.0";
    /// Only keys of one type (TYPE).
    OfType = "SCAN" "TYPE" since redis "6.0.0",
        fallback "ask for the type of each key by `type_of`";
    /// A range of scores (BYSCORE).
    ByScore = "ZRANGE" "BYSCORE" since redis "6.2.0",
        fallback "use `zrangebyscore`";
    /// A range of members in the order of their bytes (BYLEX).
    ByLex = "ZRANGE" "BYLEX" since redis "6.2.0",
        fallback "use `zrangebylex`";
    /// In descending order (REV).
    Rev = "ZRANGE" "REV" since redis "6.2.0",
        fallback "use `zrevrange`, `zrevrangebyscore` or `zrevrangebylex`";
    /// Only connections that are open for a number of seconds (MAXAGE).
    ClientMaxage = "CLIENT KILL" "MAXAGE" since redis "7.4.0", valkey "8.0.0",
        fallback "choose among what `client_list` returns, and close each by `client_kill`";
    /// Only connections to one address of the server (LADDR).
    KillLaddr = "CLIENT KILL" "LADDR" since redis "6.2.0",
        fallback "choose among what `client_list` returns, and close each by `client_kill`";
    /// Only connections with one of some IDs (ID).
    ListIds = "CLIENT LIST" "ID" since redis "6.2.0",
        fallback "choose among what `client_list` returns";
    /// Only connections of one user, and the other filters of CLIENT LIST that came with this one (USER).
    ListFilters = "CLIENT LIST" "USER" since redis never, valkey "8.1.0",
        fallback "choose among what `client_list` returns";
    /// All connections but some, and the other filters of CLIENT LIST and CLIENT KILL that came with this one (NOT-ID).
    ClientFilters = "CLIENT KILL" "NOT-ID" since redis never, valkey "9.0.0",
        fallback "choose among what `client_list` returns";
    /// A range of bits and not of bytes (BIT).
    InBits = "BITCOUNT" "BIT" since redis "7.0.0";
    /// Only if the member does not exist (NX).
    GeoaddNx = "GEOADD" "NX" since redis "6.2.0";
    /// Only if the member exists (XX).
    GeoaddXx = "GEOADD" "XX" since redis "6.2.0";
    /// Counts changed members, too (CH).
    GeoaddCh = "GEOADD" "CH" since redis "6.2.0";
    /// The first members that are found, not the nearest (ANY).
    CountAny = "GEORADIUS" "ANY" since redis "6.2.0";
    /// The members in a polygon (BYPOLYGON).
    ByPolygon = "GEOSEARCH" "BYPOLYGON" since redis never, valkey "9.0.0",
        fallback "search a circle or a box around it, and leave out what is outside of the polygon";
    /// Each element with its attributes (WITHATTRIBS).
    WithAttribs = "VSIM" "WITHATTRIBS" since redis "8.2.0", valkey never,
        fallback "read the attributes of each element by `vgetattr`";
    /// Frees the memory of the keys in the background, after the reply (ASYNC).
    FlushAsync = "FLUSHDB" "ASYNC" since redis "4.0.0";
    /// Frees the memory of the keys before the reply (SYNC).
    FlushSync = "FLUSHDB" "SYNC" since redis "6.2.0",
        fallback "do without it: before Redis 6.2 it is what the command does";
    /// Adds an entry only to a stream that exists (NOMKSTREAM).
    NoMkStream = "XADD" "NOMKSTREAM" since redis "6.2.0",
        fallback "ask for the stream by `exists` behind a `watch`, or use a `Script`";
    /// Trims a stream to a number of entries (MAXLEN).
    MaxLen = "XTRIM" "MAXLEN" since redis "5.0.0";
    /// Trims a stream to the entries from an id on (MINID).
    MinId = "XTRIM" "MINID" since redis "6.2.0",
        fallback "use `maxlen`, or remove the entries by `xdel`";
    /// Removes at most a number of entries (LIMIT).
    TrimLimit = "XTRIM" "LIMIT" since redis "6.2.0";
    /// Removes entries of a stream and keeps the references of consumer groups to them (KEEPREF).
    KeepRef = "XDELEX" "KEEPREF" since redis "8.2.0", valkey never;
    /// Removes entries of a stream with the references of consumer groups to them (DELREF).
    DelRef = "XDELEX" "DELREF" since redis "8.2.0", valkey never;
    /// Removes only entries of a stream that every consumer group has acknowledged (ACKED).
    Acked = "XDELEX" "ACKED" since redis "8.2.0", valkey never;
    /// Adds an entry once for each id that the producer gives it (IDMP).
    Idmp = "XADD" "IDMP" since redis "8.6.0", valkey never,
        fallback "give the entry an id of its own: the server refuses it a second time";
    /// Adds an entry once for each content of it (IDMPAUTO).
    IdmpAuto = "XADD" "IDMPAUTO" since redis "8.6.0", valkey never,
        fallback "give the entry an id of its own: the server refuses it a second time";
    /// Claims idle entries of other consumers before it reads new ones (CLAIM).
    Claim = "XREADGROUP" "CLAIM" since redis "8.4.0", valkey never,
        fallback "claim them by `xautoclaim` before reading";
    /// A limit of the entries of all streams together (MAXCOUNT).
    MaxCount = "XREAD" "MAXCOUNT" since redis "8.10.0", valkey never,
        fallback "use `count`, which limits the entries of each stream";
    /// A limit of the bytes of all entries together (MAXSIZE).
    MaxSize = "XREAD" "MAXSIZE" since redis "8.10.0", valkey never;
    /// Without waiting for replicas (NOW), and the other options of SHUTDOWN that came with this one.
    ShutdownNow = "SHUTDOWN" "NOW" since redis "7.0.0";
    /// Only where that is safe (SAFE), and the other option of SHUTDOWN that came with this one.
    ShutdownSafe = "SHUTDOWN" "SAFE" since redis never, valkey "9.0.0";
    /// Only entries that are idle (IDLE).
    PendingIdle = "XPENDING" "IDLE" since redis "6.2.0",
        fallback "leave out the entries that were idle for less";
}

/// NX and GET together, which SET accepts since 7.0.
#[derive(Clone, Copy, Debug)]
pub struct NxWithGet;

impl Flag for NxWithGet {}
impl<V: OnRedis<Redis7_0, NxWithGet>> Has<NxWithGet> for V {}

/// An id for a new entry of a stream of which the server chooses the second part, `1700000000000-*`. Servers do not document it
/// as an option.
#[derive(Clone, Copy, Debug)]
pub struct AutoSequence;

impl Flag for AutoSequence {}
impl<V: OnRedis<Redis7_0, AutoSequence>> Has<AutoSequence> for V {}

/// The number of entries that a consumer group has read (ENTRIESREAD). Servers document it as old as its command.
#[derive(Clone, Copy, Debug)]
pub struct EntriesRead;

impl Flag for EntriesRead {}
impl<V: OnRedis<Redis7_0, EntriesRead>> Has<EntriesRead> for V {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::version::{AnyVersion, Redis8_4, Valkey8_1, Valkey9_2};

    flags! {
        /// In both vendors, since a version of its own each.
        IfEq = "SET" "IFEQ" since redis "8.4.0", valkey "8.1.0";
        /// In Redis alone.
        IfDeq = "SET" "IFDEQ" since redis "8.4.0", valkey never;
        /// In Valkey alone.
        NoScores = "ZSCAN" "NOSCORES" since redis never, valkey "8.0.0";
    }

    fn accepts<Servers, Option: AvailableSince<Servers>>(_: Option) {}

    /// What does not compile is among the tests of compile errors.
    #[test]
    fn an_option_is_accepted_where_every_declared_vendor_has_it() {
        accepts::<AnyVersion, _>(IfDeq);
        accepts::<Redis8_4, _>(IfDeq);
        accepts::<Valkey8_1, _>(NoScores);
        accepts::<Redis8_4, _>(IfEq);
        accepts::<Valkey9_2, _>(IfEq);
        accepts::<(Redis8_4, Valkey8_1), _>(IfEq);
    }

    #[test]
    fn the_facts_of_an_option_have_the_versions_of_both_vendors() {
        let since: Vec<_> = FLAGS.iter().map(|flag| (flag.since.redis, flag.since.valkey)).collect();
        assert_eq!(since, [(Some("8.4.0"), Some("8.1.0")), (Some("8.4.0"), None), (None, Some("8.0.0"))]);
        let words = [IfEq::WORD, IfDeq::WORD, NoScores::WORD];
        assert_eq!(FLAGS.iter().map(|flag| flag.word).collect::<Vec<_>>(), words);
    }
}
