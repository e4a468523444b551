//! Reserved commands: each would change a connection that callers share, or has not exactly one reply, so it does not
//! compile. They have a group of their own, because users of the other groups need not see them.

use crate::argument::{Argument, Arguments};

commands! {
    /// Commands that do not compile, because each would change a connection that other callers share, or has not
    /// exactly one reply.
    ///
    /// The compiler's message names the alternative, such as [`Config`](crate::Config) or
    /// [`Pipeline::watch`](crate::Pipeline::watch).
    pub trait ReservedCommands in cmd;

    /// Does not compile: the redirection of a cluster is a state of the connection, which is shared.
    fn asking() -> Status as ()
        = "ASKING" as Asking {
            since: redis "3.0.0", arity: 1, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Does not compile: user and password are part of the URL, because the connection is shared.
    fn auth(password: impl Arguments) -> Status as ()
        = "AUTH" as Auth {
            since: redis "1.0.0", arity: -2, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Does not compile: client-side caching is a state of the connection, which is shared.
    fn client_caching(mode: impl Argument) -> Status as ()
        = "CLIENT CACHING" as ClientCaching {
            since: redis "6.0.0", arity: 3, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Does not compile: what a client can do is a state of the connection, which is shared. Redirects are followed without it.
    fn client_capa(capabilities: impl Arguments) -> Status as ()
        = "CLIENT CAPA" as ClientCapa {
            since: redis never, valkey "8.0.0", arity: -3, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Does not compile: an import, which keeps the server from removing expired keys, is a state of the connection, which is
    /// shared.
    fn client_import_source(mode: impl Argument) -> Status as ()
        = "CLIENT IMPORT-SOURCE" as ClientImportSource {
            since: redis never, valkey "8.1.0", arity: 3, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Does not compile: the exemption from eviction is a state of the connection, which is shared.
    fn client_no_evict(mode: impl Argument) -> Status as ()
        = "CLIENT NO-EVICT" as ClientNoEvict {
            since: redis "7.0.0", arity: 3, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Does not compile: whether reads count for the eviction of keys is a state of the connection, which is shared.
    fn client_no_touch(mode: impl Argument) -> Status as ()
        = "CLIENT NO-TOUCH" as ClientNoTouch {
            since: redis "7.2.0", arity: 3, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Does not compile: without replies, other callers on the shared connection would wait forever.
    fn client_reply(mode: impl Argument) -> Status as ()
        = "CLIENT REPLY" as ClientReply {
            since: redis "3.2.0", arity: 3, access: ReadWrite, effect: Preserves, multi: Refused,
            connection: Forbidden
        };

    /// Does not compile: the name of the library is a fact of the connection, which is shared.
    fn client_setinfo(attribute: impl Argument, value: impl Argument) -> Status as ()
        = "CLIENT SETINFO" as ClientSetinfo {
            since: redis "7.2.0", arity: 4, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Does not compile: the name is part of the [`Config`](crate::Config), because the connection is shared.
    fn client_setname(name: impl Argument) -> Status as ()
        = "CLIENT SETNAME" as ClientSetname {
            since: redis "2.6.9", arity: 3, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Does not compile: client-side caching is a state of the connection, which is shared.
    fn client_tracking(mode: impl Arguments) -> Status as ()
        = "CLIENT TRACKING" as ClientTracking {
            since: redis "6.0.0", arity: -3, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Does not compile: the protocol is part of the URL (`?protocol=2`), because the connection is shared.
    fn hello(protocol: impl Arguments) -> Any as ()
        = "HELLO" as Hello {
            since: redis "6.0.0", arity: -1, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Does not compile: a prepared set of fields is a state of the connection, which is shared.
    fn himport_discard(name: impl Argument) -> Integer as u64
        = "HIMPORT DISCARD" as HimportDiscard {
            since: redis "8.10.0", valkey never, arity: 3, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Does not compile: a prepared set of fields is a state of the connection, which is shared.
    fn himport_discardall() -> Integer as u64
        = "HIMPORT DISCARDALL" as HimportDiscardall {
            since: redis "8.10.0", valkey never, arity: 2, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Does not compile: a prepared set of fields is a state of the connection, which is shared. A struct with
    /// [`HashFields`](derive@crate::HashFields) names its fields once, for [`hset`](crate::commands::HashCommands::hset).
    fn himport_prepare(name: impl Argument, fields: impl Arguments) -> Status as ()
        = "HIMPORT PREPARE" as HimportPrepare {
            since: redis "8.10.0", valkey never, arity: -4, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Does not compile: it needs a set of fields that was prepared on the same connection, which is shared. Several
    /// hashes in one write are a pipeline of [`hset`](crate::commands::HashCommands::hset).
    fn himport_set(key: impl Argument, name: impl Argument, values: impl Arguments) -> Status as ()
        = "HIMPORT SET" as HimportSet {
            since: redis "8.10.0", valkey never, arity: -5, access: ReadWrite, effect: Replaces, connection: Forbidden
        };

    /// Does not compile: a monitoring connection receives a stream of commands in place of replies.
    fn monitor() -> Status as ()
        = "MONITOR" as Monitor {
            since: redis "1.0.0", arity: 1, access: ReadWrite, effect: Preserves, multi: Refused,
            connection: Forbidden
        };

    /// Does not compile: a subscription is a state of the connection, which is shared, and each pattern has a reply of
    /// its own.
    fn psubscribe(patterns: impl Arguments) -> Any as ()
        = "PSUBSCRIBE" as Psubscribe {
            since: redis "2.0.0", arity: -2, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Does not compile: it turns the connection into that of a replica.
    fn psync(replication: impl Argument, offset: i64) -> Any as ()
        = "PSYNC" as Psync {
            since: redis "2.8.0", arity: -3, access: ReadWrite, effect: Preserves, multi: Refused,
            connection: Forbidden
        };

    /// Does not compile: a subscription is a state of the connection, which is shared, and each pattern has a reply of
    /// its own.
    fn punsubscribe(patterns: impl Arguments) -> Any as ()
        = "PUNSUBSCRIBE" as Punsubscribe {
            since: redis "2.0.0", arity: -1, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Does not compile: [`Client::close`](crate::Client::close) closes the connections, as does dropping the last
    /// clone of a client.
    fn quit() -> Status as ()
        = "QUIT" as Quit {
            since: redis "1.0.0", arity: -1, access: ReadWrite, effect: Preserves, multi: Refused,
            connection: Forbidden, deprecated: { redis: "7.2.0", instead: "closing the connection" }
        };

    /// Does not compile: whether a replica of a cluster serves reads is a state of the connection, which is shared.
    fn readonly() -> Status as ()
        = "READONLY" as Readonly {
            since: redis "3.0.0", arity: 1, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Does not compile: whether a replica of a cluster serves reads is a state of the connection, which is shared.
    fn readwrite() -> Status as ()
        = "READWRITE" as Readwrite {
            since: redis "3.0.0", arity: 1, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Does not compile on a client: it would reset database, protocol and name of the connection, which is shared. A
    /// pipeline has a [`reset`](crate::Pipeline::reset) of its own.
    fn reset() -> Status as ()
        = "RESET" as Reset {
            since: redis "6.2.0", arity: 1, access: ReadWrite, effect: Preserves, multi: Refused,
            connection: Forbidden
        };

    /// Does not compile: the debugger takes over the connection, which is shared.
    fn script_debug(mode: impl Argument) -> Status as ()
        = "SCRIPT DEBUG" as ScriptDebug {
            since: redis "3.2.0", arity: 3, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Does not compile: the database is part of the URL, because the connection is shared.
    fn select(database: u32) -> Status as ()
        = "SELECT" as Select {
            since: redis "1.0.0", arity: 2, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Does not compile: a subscription is a state of the connection, which is shared, and each channel has a reply of
    /// its own.
    fn ssubscribe(channels: impl Arguments) -> Any as ()
        = "SSUBSCRIBE" as Ssubscribe {
            since: redis "7.0.0", arity: -2, access: ReadWrite, effect: Preserves, multi: Refused,
            connection: Forbidden
        };

    /// Does not compile: a subscription is a state of the connection, which is shared, and each channel has a reply of
    /// its own.
    fn subscribe(channels: impl Arguments) -> Any as ()
        = "SUBSCRIBE" as Subscribe {
            since: redis "2.0.0", arity: -2, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Does not compile: a subscription is a state of the connection, which is shared, and each channel has a reply of
    /// its own.
    fn sunsubscribe(channels: impl Arguments) -> Any as ()
        = "SUNSUBSCRIBE" as Sunsubscribe {
            since: redis "7.0.0", arity: -1, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Does not compile: it turns the connection into that of a replica.
    fn sync() -> Any as ()
        = "SYNC" as Sync {
            since: redis "1.0.0", arity: 1, access: ReadWrite, effect: Preserves, multi: Refused,
            connection: Forbidden
        };

    /// Does not compile: a subscription is a state of the connection, which is shared, and each channel has a reply of
    /// its own.
    fn unsubscribe(channels: impl Arguments) -> Any as ()
        = "UNSUBSCRIBE" as Unsubscribe {
            since: redis "2.0.0", arity: -1, access: ReadWrite, effect: Preserves, connection: Forbidden
        };
}
