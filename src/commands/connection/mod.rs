//! The connections of a server's clients.

pub(crate) mod options;

use options::UnblockAs;

use crate::{
    argument::Argument,
    reply::{Bulk, FromReply},
};

commands! {
    /// Commands on the connections of a server's clients.
    pub trait ConnectionCommands in cmd;

    /// Returns the name of the connection, or `None` when it has none.
    fn client_getname() -> Nullable<Bulk> as Option<String>
        = "CLIENT GETNAME" as ClientGetname {
            since: redis "2.6.9", arity: 2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns the server's number of the connection: on a client of the one that all share, on a watching pipeline of
    /// its own.
    fn client_id() -> Integer as u64
        = "CLIENT ID" as ClientId {
            since: redis "5.0.0", arity: 2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns what the server knows of the connection, as one line of `name=value` words.
    fn client_info() -> Bulk as String
        = "CLIENT INFO" as ClientInfo {
            since: redis "6.2.0", arity: 2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Closes the connection whose [`client_id`](ConnectionCommands::client_id) is `id` and tells whether there was one. The
    /// connection that sends this is never closed by it.
    fn client_kill(id: u64) -> Flag as bool
        = "CLIENT KILL" ("ID", id) as ClientKill {
            since: redis "2.8.12", arity: -3, access: ReadWrite, effect: Preserves, route: AnyNode
        };

    /// Returns what the server knows of its connections, each as a line of `name=value` words.
    fn client_list() -> Bulk as String
        = "CLIENT LIST" as ClientList {
            since: redis "2.4.0", arity: -2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Ends the waiting of the connection `id`, which blocks in a command such as BLPOP, as if its time had run out, and
    /// tells whether it did.
    fn client_unblock(id: u64) -> Flag as bool
        = "CLIENT UNBLOCK" as ClientUnblock {
            since: redis "5.0.0", arity: -3, access: ReadWrite, effect: Preserves, route: AnyNode
        };

    /// Ends the waiting of the connection `id` in the way that `how` says, and tells whether it did.
    fn client_unblock_with(id: u64, how: UnblockAs) -> Flag as bool
        = "CLIENT UNBLOCK" as ClientUnblockWith {
            since: redis "5.0.0", arity: -3, access: ReadWrite, effect: Preserves, route: AnyNode
        };

    /// Returns `message`.
    fn echo<T: FromReply<Bulk>>(message: impl Argument) -> Bulk as T
        = "ECHO" as Echo {
            since: redis "1.0.0", arity: 2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns `PONG`.
    fn ping() -> Status as String
        = "PING" as Ping {
            since: redis "1.0.0", arity: -1, access: ReadOnly, effect: Preserves, route: AllShards(AllSucceeded)
        };

    /// Returns `message`.
    fn ping_with<T: FromReply<Bulk>>(message: impl Argument) -> Bulk as T
        = "PING" as PingWith {
            since: redis "1.0.0", arity: -1, access: ReadOnly, effect: Preserves, route: AllShards(AllSucceeded)
        };
}
