//! Connections: the commands on the connections of the server's clients, and the types of their replies.
//!
//! ```
//! use typedis::{Client, commands::connection::{ClientKillFilter, ClientListFilter, ClientType}, prelude::*};
//! # async fn example(client: &Client) -> typedis::Result<()> {
//! let subscribers = client.client_list_with(ClientListFilter::new().client_type(ClientType::Pubsub)).await?;
//! for subscriber in &subscribers {
//!     println!("{:?} from {:?}", subscriber.name(), subscriber.addr());
//! }
//! let killed = client.client_kill_with(ClientKillFilter::new().client_type(ClientType::Pubsub)).await?;
//! assert_eq!(killed, subscribers.len() as u64);
//! # Ok(()) }
//! # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
//! ```
//!
//! Commands that would change the connection, which callers share, do not compile: see
//! [`ReservedCommands`](super::ReservedCommands).
//!
//! Each node of a cluster counts its connections by itself, so an ID of one node may be that of another's client. What closes or
//! unblocks connections is for a client of one node ([`Config::single_node`](crate::Config::single_node)), and what tells of
//! connections is asked of any one node.

pub(crate) mod filter;
pub(crate) mod options;
pub(crate) mod replies;

pub use filter::{ClientKillFilter, ClientListFilter};
pub use options::{ClientType, PauseMode, UnblockAs};
pub use replies::{ConnectedClient, TrackingInfo, TrackingRedirect};

use crate::{
    argument::Argument,
    command::flag::AvailableSince,
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

    /// Returns where the server sends the invalidations of the keys that the connection has read.
    fn client_getredir() -> Integer as TrackingRedirect
        = "CLIENT GETREDIR" as ClientGetredir {
            since: redis "6.0.0", arity: 2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns the server's facts about the connection.
    fn client_info() -> Bulk as ConnectedClient
        = "CLIENT INFO" as ClientInfo {
            since: redis "6.2.0", arity: 2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Closes the connection with the [ID](Self::client_id) `id` and returns whether there was one. The connection that
    /// sends the command stays open, whatever its ID.
    fn client_kill(id: u64) -> Flag as bool
        = "CLIENT KILL" ("ID", id) as ClientKill {
            since: redis "2.8.12", arity: -3, access: ReadWrite, effect: Preserves, route: SingleServer
        };

    /// Closes the connections that pass `filter` and returns their number. The connection that sends the command stays open,
    /// unless the filter says otherwise.
    fn client_kill_with[N: Sized](filter: ClientKillFilter<'_, N>) -> Integer as u64 where N: AvailableSince<Self::Server>
        = "CLIENT KILL" as ClientKillWith {
            since: redis "2.8.12", arity: -3, access: ReadWrite, effect: Preserves, route: SingleServer
        };

    /// Returns the server's facts about all of its connections.
    fn client_list() -> Bulk as Vec<ConnectedClient>
        = "CLIENT LIST" as ClientList {
            since: redis "2.4.0", arity: -2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns the server's facts about the connections that pass `filter`.
    fn client_list_with[N: Sized, C: Sized](filter: ClientListFilter<'_, N, C>) -> Bulk as Vec<ConnectedClient>
        where N: AvailableSince<Self::Server>
        = "CLIENT LIST" as ClientListWith {
            since: redis "5.0.0", arity: -2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Stops all commands of clients for so many milliseconds: they are not executed, and replied to when the time is over or
    /// [`client_unpause`](Self::client_unpause) ends it. This client is one of them, so its
    /// [`response_timeout`](crate::Config::response_timeout) should be longer; what waits holds up all commands behind it on
    /// the shared connection, so the pause is ended by another client. On a cluster all primaries are paused.
    fn client_pause(milliseconds: u64) -> Status as ()
        = "CLIENT PAUSE" as ClientPause {
            since: redis "3.0.0", arity: -3, access: ReadWrite, effect: Preserves, route: AllShards(AllSucceeded)
        };

    /// Stops the commands that `mode` says, of all clients and for so many milliseconds.
    fn client_pause_with(milliseconds: u64, mode: PauseMode) -> Status as ()
        = "CLIENT PAUSE" as ClientPauseWith {
            since: redis "6.2.0", arity: -3, access: ReadWrite, effect: Preserves, route: AllShards(AllSucceeded)
        };

    /// Returns what the connection tracks for client-side caching.
    fn client_trackinginfo() -> Map<Bulk, Any> as TrackingInfo
        = "CLIENT TRACKINGINFO" as ClientTrackinginfo {
            since: redis "6.2.0", arity: 2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Unblocks the connection with the [ID](Self::client_id) `id` as if its timeout had passed, and returns whether it
    /// was blocked in a command such as BLPOP.
    fn client_unblock(id: u64) -> Flag as bool
        = "CLIENT UNBLOCK" as ClientUnblock {
            since: redis "5.0.0", arity: -3, access: ReadWrite, effect: Preserves, route: SingleServer
        };

    /// Unblocks the connection with the [ID](Self::client_id) `id`, with the reply that `how` says, and returns whether
    /// it was blocked.
    fn client_unblock_with(id: u64, how: UnblockAs) -> Flag as bool
        = "CLIENT UNBLOCK" as ClientUnblockWith {
            since: redis "5.0.0", arity: -3, access: ReadWrite, effect: Preserves, route: SingleServer
        };

    /// Ends the pause of [`client_pause`](Self::client_pause).
    fn client_unpause() -> Status as ()
        = "CLIENT UNPAUSE" as ClientUnpause {
            since: redis "6.2.0", arity: 2, access: ReadWrite, effect: Preserves, route: AllShards(AllSucceeded)
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
