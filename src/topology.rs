//! The topology of the servers as a type: one server, or a cluster. What cannot work on a cluster does not compile there.

use crate::row::{Command, Keyed};
use std::fmt;

/// The topology of the servers that a [client](crate::ClientOn) is connected to: [`SingleServer`] or [`Cluster`].
///
/// Code that is generic over the topology has every command on keys, pipelines and transactions:
///
/// ```
/// use typedis::{Client, ClientOn, pipeline, prelude::*, topology::Topology};
///
/// async fn visit<T: Topology>(client: &ClientOn<T>, user: u64) -> typedis::Result<i64> {
///     let (visits, _) = pipeline! { client => incr(format!("{{{user}}}:visits")); set(format!("{{{user}}}:seen"), 1) }?;
///     Ok(visits)
/// }
/// # async fn example(client: &Client) -> typedis::Result<()> {
/// # assert_eq!(visit(client, 7).await?, 1);
/// # Ok(()) }
/// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
/// ```
pub trait Topology: sealed::Sealed + Copy + fmt::Debug + Send + Sync + 'static {
    /// The entry of the command `C` with a key of the slot `S`, in the list of a transaction. Only a cluster keeps the slot.
    type Entry<C: Command, S>: Command<Reply = C::Reply, Access = C::Access>;
}

/// One server, which has all keys: also the primary that Sentinel names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SingleServer;

/// A cluster: every key is on the node of its slot, and a transaction runs on one node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cluster;

impl Topology for SingleServer {
    type Entry<C: Command, S> = C;
}

impl Topology for Cluster {
    type Entry<C: Command, S> = Keyed<C, S>;
}

mod sealed {
    /// A supertrait that only this crate can implement.
    pub trait Sealed {}
    impl Sealed for super::SingleServer {}
    impl Sealed for super::Cluster {}
}
