//! Commands that never compile, because each would change a connection that other callers share, or has not exactly one
//! reply. They stand apart from the commands that can be sent.

use crate::argument::{Argument, Arguments};

commands! {
    /// Commands that do not compile: each would change the connection that all callers share, or has not exactly one reply.
    /// The compiler's words name the typed way, such as [`Config`](crate::Config) or
    /// [`Pipeline::watch`](crate::Pipeline::watch).
    pub trait ReservedCommands in cmd;

    /// Does not compile: a redirection of a cluster belongs to the connection.
    fn asking() -> Status as ()
        = "ASKING" as Asking {
            since: redis "3.0.0", arity: 1, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Does not compile: user and password are part of the URL, because others share the connection.
    fn auth(password: impl Arguments) -> Status as ()
        = "AUTH" as Auth {
            since: redis "1.0.0", arity: -2, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Does not compile: what the server tells of changed keys belongs to the connection, which others share.
    fn client_caching(mode: impl Argument) -> Status as ()
        = "CLIENT CACHING" as ClientCaching {
            since: redis "6.0.0", arity: 3, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Does not compile: whether the server may close the connection to save memory is not for one of its users to say.
    fn client_no_evict(mode: impl Argument) -> Status as ()
        = "CLIENT NO-EVICT" as ClientNoEvict {
            since: redis "7.0.0", arity: 3, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Does not compile: without replies, those who share the connection would wait forever.
    fn client_reply(mode: impl Argument) -> Status as ()
        = "CLIENT REPLY" as ClientReply {
            since: redis "3.2.0", arity: 3, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Does not compile: the name is part of the [`Config`](crate::Config), because others share the connection.
    fn client_setname(name: impl Argument) -> Status as ()
        = "CLIENT SETNAME" as ClientSetname {
            since: redis "2.6.9", arity: 3, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Does not compile: what the server tells of changed keys belongs to the connection, which others share.
    fn client_tracking(mode: impl Arguments) -> Status as ()
        = "CLIENT TRACKING" as ClientTracking {
            since: redis "6.0.0", arity: -3, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Does not compile: the protocol is part of the URL (`?protocol=2`), because others share the connection.
    fn hello(protocol: impl Arguments) -> Any as ()
        = "HELLO" as Hello {
            since: redis "6.0.0", arity: -1, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Does not compile: a connection that monitors answers nothing else.
    fn monitor() -> Status as ()
        = "MONITOR" as Monitor {
            since: redis "1.0.0", arity: 1, access: ReadWrite, effect: Preserves, multi: Refused,
            connection: Forbidden
        };

    /// Does not compile: a connection that subscribes is not for commands.
    fn psubscribe(patterns: impl Arguments) -> Any as ()
        = "PSUBSCRIBE" as Psubscribe {
            since: redis "2.0.0", arity: -2, access: ReadWrite, effect: Preserves, multi: Refused,
            connection: Forbidden
        };

    /// Does not compile: it makes the connection that of a replica.
    fn psync(replication: impl Argument, offset: i64) -> Any as ()
        = "PSYNC" as Psync {
            since: redis "2.8.0", arity: -3, access: ReadWrite, effect: Preserves, multi: Refused,
            connection: Forbidden
        };

    /// Does not compile: a connection that subscribes is not for commands.
    fn punsubscribe(patterns: impl Arguments) -> Any as ()
        = "PUNSUBSCRIBE" as Punsubscribe {
            since: redis "2.0.0", arity: -1, access: ReadWrite, effect: Preserves, multi: Refused,
            connection: Forbidden
        };

    /// Does not compile: the connection is closed when the last clone of its client is dropped.
    fn quit() -> Status as ()
        = "QUIT" as Quit {
            since: redis "1.0.0", arity: -1, access: ReadWrite, effect: Preserves, multi: Refused,
            connection: Forbidden, deprecated: { redis: "7.2.0", instead: "closing the connection" }
        };

    /// Does not compile: whether a replica of a cluster answers belongs to the connection, which others share.
    fn readonly() -> Status as ()
        = "READONLY" as Readonly {
            since: redis "3.0.0", arity: 1, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Does not compile: whether a replica of a cluster answers belongs to the connection, which others share.
    fn readwrite() -> Status as ()
        = "READWRITE" as Readwrite {
            since: redis "3.0.0", arity: 1, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Does not compile on a client: it would undo database, protocol and name for all who share the connection. A pipeline
    /// has a [`reset`](crate::Pipeline::reset) of its own.
    fn reset() -> Status as ()
        = "RESET" as Reset {
            since: redis "6.2.0", arity: 1, access: ReadWrite, effect: Preserves, multi: Refused,
            connection: Forbidden
        };

    /// Does not compile: the database is part of the URL, because others share the connection.
    fn select(database: u32) -> Status as ()
        = "SELECT" as Select {
            since: redis "1.0.0", arity: 2, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Does not compile: a connection that subscribes is not for commands.
    fn ssubscribe(channels: impl Arguments) -> Any as ()
        = "SSUBSCRIBE" as Ssubscribe {
            since: redis "7.0.0", arity: -2, access: ReadWrite, effect: Preserves, multi: Refused,
            connection: Forbidden
        };

    /// Does not compile: a connection that subscribes is not for commands.
    fn subscribe(channels: impl Arguments) -> Any as ()
        = "SUBSCRIBE" as Subscribe {
            since: redis "2.0.0", arity: -2, access: ReadWrite, effect: Preserves, multi: Refused,
            connection: Forbidden
        };

    /// Does not compile: a connection that subscribes is not for commands.
    fn sunsubscribe(channels: impl Arguments) -> Any as ()
        = "SUNSUBSCRIBE" as Sunsubscribe {
            since: redis "7.0.0", arity: -1, access: ReadWrite, effect: Preserves, multi: Refused,
            connection: Forbidden
        };

    /// Does not compile: it makes the connection that of a replica.
    fn sync() -> Any as ()
        = "SYNC" as Sync {
            since: redis "1.0.0", arity: 1, access: ReadWrite, effect: Preserves, multi: Refused,
            connection: Forbidden
        };

    /// Does not compile: a connection that subscribes is not for commands.
    fn unsubscribe(channels: impl Arguments) -> Any as ()
        = "UNSUBSCRIBE" as Unsubscribe {
            since: redis "2.0.0", arity: -1, access: ReadWrite, effect: Preserves, multi: Refused,
            connection: Forbidden
        };
}
