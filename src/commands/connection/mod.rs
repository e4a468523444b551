//! Commands on the connections of the server's clients.

pub(crate) mod options;

use options::UnblockAs;

use crate::{
    argument::Argument,
    reply::{Bulk, FromReply},
};

commands! {
    /// Commands on the connections of the server's clients.
    pub trait ConnectionCommands in cmd;

    /// Returns the name of the connection, or `None` if it has none.
    fn client_getname() -> Nullable<Bulk> as Option<String>
        = "CLIENT GETNAME" as ClientGetname {
            since: redis "2.6.9", arity: 2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns the server's ID of the connection: on a client that of the shared connection, on a watching pipeline
    /// that of its dedicated connection.
    fn client_id() -> Integer as u64
        = "CLIENT ID" as ClientId {
            since: redis "5.0.0", arity: 2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns the server's facts about the connection, as one line of `name=value` fields.
    fn client_info() -> Bulk as String
        = "CLIENT INFO" as ClientInfo {
            since: redis "6.2.0", arity: 2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Closes the connection with the [ID](Self::client_id) `id` and returns whether there was one. The connection that
    /// sends the command stays open, whatever its ID.
    fn client_kill(id: u64) -> Flag as bool
        = "CLIENT KILL" ("ID", id) as ClientKill {
            since: redis "2.8.12", arity: -3, access: ReadWrite, effect: Preserves, route: AnyNode
        };

    /// Returns the server's facts about all of its connections, one line of `name=value` fields each.
    fn client_list() -> Bulk as String
        = "CLIENT LIST" as ClientList {
            since: redis "2.4.0", arity: -2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Unblocks the connection with the [ID](Self::client_id) `id` as if its timeout had passed, and returns whether it
    /// was blocked in a command such as BLPOP.
    fn client_unblock(id: u64) -> Flag as bool
        = "CLIENT UNBLOCK" as ClientUnblock {
            since: redis "5.0.0", arity: -3, access: ReadWrite, effect: Preserves, route: AnyNode
        };

    /// Unblocks the connection with the [ID](Self::client_id) `id`, with the reply that `how` says, and returns whether
    /// it was blocked.
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
