//! The client of replicas, on which only commands that read compile.

use crate::{
    command::{Command, CommandSink, EveryNode, FromReplicas, Immediate, OnlyReads, sealed::Sealed},
    connection::{Handle, ReplicaChoice, ReplicaPreference},
    pipeline::{CommandFuture, IdleOnReplicas, IntoQueue, OnReplicas, Pipeline, Queued, SharedCommands, Transaction},
    resp::Writer,
    topology::Cluster,
    version::AnyVersion,
};
use frunk_core::hlist::HNil;
use std::marker::PhantomData;

/// A client that reads from the replicas of a cluster, or of the primary that Sentinels name, made by
/// [`replicas`](crate::ClientOn::replicas). It is cheap to clone, and has its connections in common with the client that it was made
/// of: those to a replica are opened when it is first asked.
///
/// Commands that may write do not compile on it. Those that read run alone, in a
/// [`pipeline`](ReplicaClient::pipeline) with or without a transaction, and in [`pipeline!`](macro@crate::pipeline).
///
/// ```
/// use typedis::{ClusterClient, pipeline, prelude::*};
/// # #[allow(dead_code)]
/// async fn example(client: &ClusterClient) -> typedis::Result<()> {
///     let replicas = client.replicas();
///     let title = replicas.get::<String>("title").await?;
///     let (stock, sold) = pipeline! { replicas => get::<i64>("{apple}:stock"); get::<i64>("{apple}:sold") }?;
///     println!("{title:?}: {stock:?} are left, {sold:?} are sold");
///     Ok(())
/// }
/// ```
///
/// # What a replica may answer
///
/// A replica follows its primary at a distance, so a read may return what was there a moment ago, or long ago where their link
/// is broken; a write of this client may not be in the next read, and one read may go back behind another one that another
/// replica has served. While a slot moves, a key that has moved already may be missing. Where that matters, read by the client
/// itself.
///
/// # Which node answers
///
/// One of the replicas of the slot's shard, or of the primary that Sentinels name, in turn unless
/// [`prefer_nearest`](ReplicaClient::prefer_nearest) or [`prefer_zone`](ReplicaClient::prefer_zone) says otherwise. A replica that
/// cannot be reached, or does not serve for now, is left out for a second. When there is none, the primary answers, unless
/// [`without_primary`](ReplicaClient::without_primary) forbids that. Redirects, lost connections and nodes that are away cost another attempt within
/// [`response_timeout`](crate::Config::response_timeout): what only reads may be sent again.
///
/// # Which replicas there are
///
/// Nodes of a cluster tell it. Sentinels are asked at the first read, when a replica is lost, when a switch to another primary is
/// announced, and every minute, or every 10 seconds while none is named, or one is behind. A replica that they call down is left out. One whose
/// link to its primary is broken is asked only where neither another replica nor the primary answers. While no Sentinel answers,
/// the replicas stay as they are.
///
/// # Cursors
///
/// SCAN, HSCAN, SSCAN, ZSCAN and CLUSTERSCAN go to the primary, since only the node that has given a cursor can go on from it.
#[derive(Clone, Debug)]
pub struct ReplicaClient<T = Cluster, V = AnyVersion> {
    handle: Handle,
    choice: ReplicaChoice,
    servers: PhantomData<fn() -> (T, V)>,
}

impl<T, V> ReplicaClient<T, V> {
    /// Reads from the replicas of the servers of a handle.
    pub(crate) fn new(handle: &Handle, choice: ReplicaChoice) -> Self {
        ReplicaClient { handle: handle.reading_replicas(&choice), choice, servers: PhantomData }
    }

    fn with(&self, choice: ReplicaChoice) -> Self {
        ReplicaClient::new(&self.handle, choice)
    }

    /// Returns a client that reads from the nearest replica: the one with the lowest median time of PINGs, which are sent
    /// whenever it is asked which replicas there are, at least once a minute. Until the first ones are answered, replicas are asked
    /// in turn. Connections to all replicas are opened for that.
    #[must_use]
    pub fn prefer_nearest(&self) -> Self {
        self.with(ReplicaChoice { preference: ReplicaPreference::Nearest, ..self.choice.clone() })
    }

    /// Returns a client that reads from replicas in an availability zone, in turn, and from others only where there is none.
    ///
    /// The zone is the setting `availability-zone` of Valkey 8.1 and later. Valkey 9.1 tells it of all nodes in CLUSTER SLOTS. Where it
    /// is not told so, by Valkey 8.1 and behind Sentinels, each replica is asked for its own, by HELLO or INFO when it is connected
    /// to: connections to all replicas are opened for that, and until they are, replicas are asked in turn. Redis has no zones.
    #[must_use]
    pub fn prefer_zone(&self, zone: impl Into<String>) -> Self {
        let preference = ReplicaPreference::Zone(zone.into().into());
        self.with(ReplicaChoice { preference, ..self.choice.clone() })
    }

    /// Returns a client that never reads from a primary. Where no replica can answer, reads fail with
    /// [`Cluster`](crate::Error::Cluster), or with [`Sentinel`](crate::Error::Sentinel) of the kind
    /// [`NoReplica`](crate::error::SentinelErrorKind::NoReplica), and a SCAN fails always.
    #[must_use]
    pub fn without_primary(&self) -> Self {
        self.with(ReplicaChoice { without_primary: true, ..self.choice.clone() })
    }

    /// Begins a pipeline of commands that read. It holds no connection, and cannot watch keys. A transaction of it is one view
    /// of the data, that of one replica. Giving it up returns to a pipeline of the client itself.
    #[must_use = "a pipeline sends nothing until it is executed"]
    pub fn pipeline(&self) -> Pipeline<IdleOnReplicas, V, T> {
        Pipeline::on_replicas(self.handle.clone())
    }

    /// Returns the handle to the servers of the client that this one was made of.
    pub(crate) fn of_primaries(&self) -> Handle {
        self.handle.of_primaries()
    }
}

impl<T, V> Sealed for ReplicaClient<T, V> {}

impl<T, V> SharedCommands for ReplicaClient<T, V> {
    type Server = V;
    type Access = OnlyReads;
    type Reach = EveryNode<T>;

    fn run_shared<C: Command>(&self, encode: impl FnOnce(&mut Writer<'_>)) -> CommandFuture<'_, C::Reply> {
        CommandFuture::on_client::<C>(&self.handle, encode)
    }
}

impl<'a, T, V> CommandSink for &'a ReplicaClient<T, V> {
    type Dispatch = FromReplicas<Immediate<EveryNode<T>>>;
    type Server = V;
    type Entry<C: Command, S> = C;
    type Output<C: Command> = CommandFuture<'a, C::Reply>;

    fn submit<C: Command>(self, encode: impl FnOnce(&mut Writer<'_>)) -> Self::Output<C> {
        CommandFuture::on_client::<C>(&self.handle, encode)
    }
}

#[diagnostic::do_not_recommend]
impl<T, V> IntoQueue for &ReplicaClient<T, V> {
    type Queue = Pipeline<Queued<HNil, OnReplicas<Transaction>>, V, T>;
    #[inline]
    fn __typedis_into_queue(self) -> Self::Queue {
        self.pipeline().multi()
    }
}
