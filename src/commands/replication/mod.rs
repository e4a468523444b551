//! Replication: the role of a server, and the commands that change it.
//!
//! ```
//! use typedis::{Client, commands::replication::Role, prelude::*};
//! # async fn example(client: &Client) -> typedis::Result<()> {
//! if let Role::Primary { replicas, .. } = client.role().await? {
//!     println!("{} replicas", replicas.len());
//! }
//! # Ok(()) }
//! # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
//! ```

pub(crate) mod options;
pub(crate) mod replies;

pub use options::FailoverOptions;
pub use replies::{ReplicaLink, Role};

commands! {
    /// Commands on replication.
    pub trait ReplicationCommands in cmd;

    /// Hands over to the replica that is first to have all of the data. The reply comes when this has begun; the server is the
    /// replica's replica when it is done, and writes wait meanwhile.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the server has no replica, or is itself one.
    fn failover() -> Status as ()
        = "FAILOVER" as Failover {
            since: redis "6.2.0", arity: -1, access: ReadWrite, effect: Preserves, route: SingleServer
        };

    /// Ends the failover that is under way.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if there is none.
    fn failover_abort() -> Status as ()
        = "FAILOVER" ("ABORT") as FailoverAbort {
            since: redis "6.2.0", arity: -1, access: ReadWrite, effect: Preserves, route: SingleServer
        };

    /// Hands over as `options` say.
    ///
    /// # Errors
    ///
    /// As [`failover`](Self::failover).
    fn failover_with[R: Sized, T: Sized](options: FailoverOptions<'_, R, T>) -> Status as ()
        = "FAILOVER" as FailoverWith {
            since: redis "6.2.0", arity: -1, access: ReadWrite, effect: Preserves, route: SingleServer
        };

    /// Makes the server a replica of another one. Its data is replaced by that of the primary.
    fn replicaof(host: &str, port: u16) -> Status as ()
        = "REPLICAOF" as Replicaof {
            since: redis "5.0.0", arity: 3, access: ReadWrite, effect: Unknown, touches: AllKeys, route: SingleServer
        };

    /// Makes the server a primary. It keeps its data.
    fn replicaof_no_one() -> Status as ()
        = "REPLICAOF" ("NO", "ONE") as ReplicaofNoOne {
            since: redis "5.0.0", arity: 3, access: ReadWrite, effect: Preserves, route: SingleServer
        };

    /// Returns the role of the server, and the other side of its replication.
    fn role() -> Any as Role
        = "ROLE" as RoleOfServer {
            since: redis "2.8.12", arity: 1, access: ReadOnly, effect: Preserves, route: AnyNode
        };
}
