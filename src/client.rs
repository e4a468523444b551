//! The client: single commands, pipelines and retried transactions, on one server or a cluster.

use crate::{
    command::{Command, CommandSink, EveryNode, Guardable, Immediate, MayWrite, OnlyReads, sealed::Sealed},
    commands::scan::KeyFilter,
    connection::{Config, Events, Handle, Metrics, NodeMetrics, ReplicaChoice},
    error::{Error, Result},
    key::{AnyKind, KeysFor},
    key_scan::KeyScan,
    pipeline::{
        CommandFuture, CommandList, Idle, IntoQueue, Pipeline, Queued, SharedCommands, Transaction, Watched, Watching,
        watch_request,
    },
    replicas::ReplicaClient,
    reply::{Bulk, FromReply},
    resp::Writer,
    retry::Retry,
    topology::{Cluster, SingleServer},
    transaction::{self, Attempts},
    version::{AnyVersion, AtLeast, ServerVersion},
};
use frunk_core::hlist::HNil;
use std::{future::Future, marker::PhantomData};

/// A client of one Redis or Valkey server. It is cheap to clone, and clones share their connections.
///
/// `V` is the servers that the client runs on, if it declares them; see [`Config::at_least`].
///
/// Every command is a method that sends it at once; [`pipeline`](ClientOn::pipeline) begins a pipeline. All methods are those
/// of [`ClientOn`].
///
/// ```
/// use typedis::{Client, prelude::*};
/// # async fn example(url: &str) -> typedis::Result<()> {
/// let client = Client::connect(url).await?;
/// client.set("greeting", "hello").await?;
/// assert_eq!(client.get::<String>("greeting").await?.as_deref(), Some("hello"));
/// # Ok(()) }
/// # typedis_testing::doctest(async |url| example(&url).await);
/// ```
pub type Client<V = AnyVersion> = ClientOn<SingleServer, V>;

/// A client of a Redis or Valkey cluster, with the same methods as [`Client`]. It is cheap to clone, and clones share their
/// connections.
///
/// Every request is sent to the node of its keys. A transaction runs on one node, so its keys must be of one slot, and a
/// command that is for all nodes, such as KEYS, does not compile in it.
///
/// ```
/// use typedis::{ClusterClient, pipeline, prelude::*};
/// # #[allow(dead_code)]
/// async fn example(url: &str) -> typedis::Result<()> {
///     let client = ClusterClient::connect(url).await?;
///     client.set("greeting", "hello").await?;
///     let (left, sold) = pipeline! { client => decr("{apple}:stock"); incr("{apple}:sold") }?;
///     println!("{left} apples are left, {sold} are sold, and the cluster has {} keys", client.dbsize().await?);
///     Ok(())
/// }
/// ```
pub type ClusterClient<V = AnyVersion> = ClientOn<Cluster, V>;

/// A client of servers of the topology `T`: [`Client`] of one server, [`ClusterClient`] of a cluster. Code that is for both
/// is generic over `T`; see [`Topology`](crate::topology::Topology).
#[derive(Clone, Debug)]
pub struct ClientOn<T, V = AnyVersion> {
    handle: Handle,
    retry: Retry,
    servers: PhantomData<fn() -> (T, V)>,
}

impl ClientOn<SingleServer> {
    /// Connects to the server at `url`.
    ///
    /// The forms of `url` are `redis://[[user]:password@]host[:port][/database]`, `unix:///path/to/socket` and
    /// `redis+sentinel://host[:port],../name[/database]` for the primary that Sentinels know by a name, with
    /// `?protocol=2` for RESP2. [`Config::from_url`] documents all of it, and [`Config`] has the settings that a URL
    /// lacks.
    ///
    /// # Errors
    ///
    /// [`Config`](Error::Config) if the URL is not valid, [`Connect`](Error::Connect) if no server listens there,
    /// [`Handshake`](Error::Handshake) for a wrong password and the like, [`Sentinel`](Error::Sentinel) if the Sentinels name no
    /// primary, [`Cluster`](Error::Cluster) if the server is a node of a cluster, unless [`Config::single_node`] means it. A
    /// server that is loading its data, or busy with a script, is waited for up to
    /// [`connect_timeout`](Config::connect_timeout) first.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime with I/O and time enabled, as all of tokio does. The connections live on the runtime
    /// that opened them.
    pub async fn connect(url: &str) -> Result<Client> {
        Client::open(Config::from_url(url)?).await
    }
}

impl<V: ServerVersion> ClientOn<SingleServer, V> {
    /// Connects to the server of a configuration.
    ///
    /// The first connection is opened here, within [`connect_timeout`](Config::connect_timeout) and once, unless the server is
    /// loading its data or busy with a script; later ones are opened as they are needed. A host name is looked up for each of
    /// them, and its addresses are tried 250 milliseconds apart. When the server has become a replica, which its errors tell, its
    /// connections are given up once their replies are in, and the address is looked up anew.
    ///
    /// With Sentinels each new connection goes to the primary that they name, and is taken only if the server says that it is
    /// one. When a Sentinel announces another primary, the connections to the old one are given up: once their replies are in,
    /// or after a second without them, since the old primary may be frozen.
    ///
    /// # Errors
    ///
    /// As [`connect`](Client::connect), and [`UnsupportedServer`](Error::UnsupportedServer) if the server is of another vendor,
    /// or older, than the configuration [declares](Config::at_least).
    ///
    /// # Panics
    ///
    /// As [`connect`](Client::connect).
    pub async fn open(config: Config<V>) -> Result<Self> {
        Ok(ClientOn::on(Handle::open(config).await?))
    }
}

impl ClientOn<Cluster> {
    /// Connects to the cluster that the nodes at `url` belong to.
    ///
    /// The form of `url` is `redis+cluster://[[user]:password@]host[:port][,host[:port]]..`: some of the nodes, of which the
    /// first that answers names the others. The URL of one server, such as `redis://host:port`, is taken as that of one node, so a
    /// setting that has always named one server does for a cluster too. [`Config::from_url`] documents all of it.
    ///
    /// # Errors
    ///
    /// As [`Client::connect`]; [`Connect`](Error::Connect) or [`Cluster`](Error::Cluster) if no node of `url` is reachable, one
    /// belongs to no cluster or to another one, or the cluster serves no requests.
    ///
    /// # Panics
    ///
    /// As [`Client::connect`].
    pub async fn connect(url: &str) -> Result<ClusterClient> {
        ClusterClient::open(Config::from_url(url)?).await
    }
}

impl<V: ServerVersion> ClientOn<Cluster, V> {
    /// Connects to the cluster of a configuration, whose URL or [`Config::cluster`] names some nodes. That of one server is taken
    /// as that of one node. Each node has a shared connection and a pool of its own, which are opened when it is first used, by
    /// these settings.
    ///
    /// # Errors
    ///
    /// As [`connect`](ClusterClient::connect), and [`UnsupportedServer`](Error::UnsupportedServer) if a node is of another vendor,
    /// or older, than the configuration [declares](Config::at_least).
    ///
    /// # Panics
    ///
    /// As [`Client::connect`].
    pub async fn open(config: Config<V>) -> Result<Self> {
        Ok(ClientOn::on(Handle::open_cluster(config).await?))
    }
}

impl<V> ClientOn<Cluster, V> {
    /// Returns a client on the same connections that also splits commands which write, such as MSET, DEL and UNLINK, where
    /// their keys are in several slots: one command for each slot, sent side by side, their replies merged.
    ///
    /// A split command is not atomic: others may see, or a failure may leave, a part of it done. Commands that only read, such
    /// as MGET and EXISTS, are split by any client of a cluster.
    #[must_use]
    pub fn split(&self) -> Self {
        ClientOn { handle: self.handle.splitting_writes(), retry: self.retry, servers: PhantomData }
    }

    /// Returns the counters of each node of the cluster, in the order of their addresses. [`metrics`](ClientOn::metrics) has
    /// their sum.
    ///
    /// ```
    /// use typedis::{ClusterClient, prelude::*};
    /// # async fn example(client: &ClusterClient) -> typedis::Result<()> {
    /// client.incr("hits").await?;
    /// let nodes = client.nodes();
    /// assert_eq!(nodes.iter().filter(|node| node.is_primary).count(), 3);
    /// # Ok(()) }
    /// # typedis_testing::doctest_on_cluster(async |url| example(&ClusterClient::connect(&url).await?).await);
    /// ```
    pub fn nodes(&self) -> Vec<NodeMetrics> {
        self.handle.node_metrics()
    }
}

impl<T, V> ClientOn<T, V> {
    fn on(handle: Handle) -> Self {
        ClientOn { handle, retry: Retry::default(), servers: PhantomData }
    }

    /// Returns a client on the same connections that retries transactions as `retry` says.
    #[must_use]
    pub fn with_retry(&self, retry: Retry) -> Self {
        ClientOn { handle: self.handle.clone(), retry, servers: PhantomData }
    }

    /// Returns this client as one that declares older servers, for code that is written for these: for a function that takes
    /// `&mut impl Commands<Server = Redis6_2>`, say.
    ///
    /// ```
    /// use typedis::{Client, Commands, Result, prelude::*, version::{Redis6_2, Redis7_0}};
    ///
    /// async fn take(c: &mut impl Commands<Server = Redis6_2>, coupon: &str) -> Result<Option<String>> {
    ///     c.getdel(coupon).await
    /// }
    ///
    /// async fn example(client: &Client<Redis7_0>) -> Result<Option<String>> {
    ///     take(&mut &client.at_least(Redis6_2), "SPRING").await
    /// }
    /// ```
    #[must_use]
    pub fn at_least<W>(&self, version: W) -> ClientOn<T, W>
    where
        V: AtLeast<W>,
    {
        let _ = version;
        ClientOn { handle: self.handle.clone(), retry: self.retry, servers: PhantomData }
    }

    /// Returns a client that reads from replicas: of the cluster, or of the primary that Sentinels name. Only commands that read
    /// compile on it, and what they read may be old; see [`ReplicaClient`].
    ///
    /// A client of one server without Sentinels knows no replicas, so each read fails with [`Config`](Error::Config).
    ///
    /// ```
    /// use typedis::{Client, prelude::*};
    /// # #[allow(dead_code)]
    /// # async fn example() -> typedis::Result<()> {
    /// let client = Client::connect("redis+sentinel://s1.internal,s2.internal/mymaster").await?;
    /// client.set("title", "Dune").await?;
    /// let title = client.replicas().get::<String>("title").await?;
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn replicas(&self) -> ReplicaClient<T, V> {
        ReplicaClient::new(&self.handle, ReplicaChoice::default())
    }

    /// Closes the client and all of its clones. New work fails with [`Closed`](Error::Closed) at once; work in flight
    /// is completed, and its connections are closed after it. When the future resolves, no connection and no task of
    /// the client is left.
    ///
    /// The future waits for watching pipelines and blocking commands until they end or are dropped, so a task that
    /// holds one must not await it. [`tokio::time::timeout`] bounds the wait: if the future is dropped, the client
    /// stays closed to new work, and its connections are closed as their work ends and the last clone is dropped.
    ///
    /// ```
    /// use typedis::{Client, Error, prelude::*};
    /// # async fn example(client: &Client) -> typedis::Result<()> {
    /// client.set("last", "word").await?;
    /// client.close().await;
    /// assert!(matches!(client.get::<String>("last").await, Err(Error::Closed)));
    /// # Ok(()) }
    /// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
    /// ```
    pub async fn close(&self) {
        self.handle.close().await;
    }

    /// Returns the changes of the shared connection from now on, as a stream of events.
    ///
    /// ```
    /// use typedis::{Client, Event};
    /// # async fn example(client: Client) {
    /// let mut events = client.events();
    /// let listening = tokio::spawn(async move {
    ///     while let Some(event) = events.next().await {
    ///         match event {
    ///             Event::Lost { server, reason } => eprintln!("the connection to {server} was lost: {reason}"),
    ///             Event::Connected { server, reconnects } => eprintln!("connected to {server} again; reconnects so far: {reconnects}"),
    ///             _ => {}
    ///         }
    ///     }
    /// });
    /// # client.close().await;
    /// # drop(client);
    /// # listening.await.unwrap();
    /// # }
    /// # typedis_testing::doctest(async |url| { example(Client::connect(&url).await?).await; Ok::<_, typedis::Error>(()) });
    /// ```
    pub fn events(&self) -> Events {
        self.handle.events()
    }

    /// Returns counters and gauges of the client: connections, reconnects, conflicts, commands in flight. Clones share
    /// them.
    ///
    /// ```
    /// use typedis::{Client, prelude::*};
    /// # async fn example(client: &Client) -> typedis::Result<()> {
    /// client.incr("hits").await?;
    /// let metrics = client.metrics();
    /// assert_eq!((metrics.connections, metrics.reconnects, metrics.in_flight), (1, 0, 0));
    /// # Ok(()) }
    /// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
    /// ```
    pub fn metrics(&self) -> Metrics {
        self.handle.metrics()
    }

    /// Begins a scan of all keys of the database, on one server or on all primaries of a cluster.
    ///
    /// Every key that exists throughout the scan is returned at least once, and may be returned several times. On a cluster
    /// that also holds while slots move, and when a replica takes over, as far as it has the keys: every page comes with the
    /// node's own word on its slots, by CLUSTER NODES, and a slot that was not on one node throughout is scanned again. Large
    /// pages, of 1,000 keys for example, make that cheap.
    ///
    /// ```
    /// use typedis::{Client, options::ScanOptions, prelude::*};
    /// # async fn example(client: &Client) -> typedis::Result<()> {
    /// client.set("user:1", "Ann").await?;
    /// let mut users = client.scan_keys::<String>(ScanOptions::new().matching("user:*").count(1000));
    /// while let Some(page) = users.next_page().await? {
    ///     for key in page {
    ///         println!("{key}");
    ///     }
    /// }
    /// # Ok(()) }
    /// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
    /// ```
    pub fn scan_keys<K: FromReply<Bulk>>(&self, options: impl KeyFilter<V>) -> KeyScan<K> {
        KeyScan::new(&self.handle, &options)
    }

    /// Begins a pipeline. It holds no connection until it needs one.
    #[must_use = "a pipeline sends nothing until it is executed"]
    pub fn pipeline(&self) -> Pipeline<Idle, V, T> {
        Pipeline::idle(self.handle.clone())
    }

    /// Runs a transaction with optimistic locking: watches `keys`, lets `body` read and queue commands, executes them,
    /// and retries if another client wrote one of the keys first. Returns the replies as a list.
    ///
    /// [`with_retry`](Client::with_retry) sets the number of attempts and the pauses between them. If `body` returns an
    /// error, none of its queued commands is sent. Reads are not a snapshot: only the commit proves them.
    ///
    /// ```
    /// use typedis::{Client, hlist_pat, prelude::*};
    /// # async fn example(client: &Client) -> typedis::Result<()> {
    /// let hlist_pat![()] = client
    ///     .transaction("sequence", async |mut tx| {
    ///         let current = tx.get::<i64>("sequence").await?.unwrap_or(0);
    ///         Ok(tx.multi().set("sequence", current + 1))
    ///     })
    ///     .await?;
    /// # assert_eq!(client.get::<i64>("sequence").await?, Some(1));
    /// # Ok(()) }
    /// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
    /// ```
    ///
    /// # Errors
    ///
    /// [`Conflict`](Error::Conflict) if every attempt conflicts; the error of `body`; those of
    /// [`execute`](Pipeline::execute).
    pub async fn transaction<K, F, Fut, L>(&self, keys: K, body: F) -> Result<L::Replies>
    where
        K: KeysFor<AnyKind>,
        F: FnMut(Pipeline<Watching, V, T>) -> Fut,
        Fut: Future<Output = Result<Pipeline<Queued<L, Watched>, V, T>>>,
        L: CommandList,
    {
        let keys = watch_request(&keys, self.handle.tracks_keys());
        transaction::run(self.attempts(), keys, body).await
    }

    /// Runs a transaction as [`transaction`](Client::transaction) does, with an error type of the caller.
    ///
    /// ```
    /// use typedis::{Client, prelude::*};
    ///
    /// #[derive(Debug)]
    /// enum Refused {
    ///     Poor(i64),
    ///     Redis(typedis::Error),
    /// }
    /// impl From<typedis::Error> for Refused {
    ///     fn from(error: typedis::Error) -> Self {
    ///         Refused::Redis(error)
    ///     }
    /// }
    ///
    /// # async fn example(client: &Client) -> typedis::Result<()> {
    /// let paid = client
    ///     .try_transaction("account", async |mut tx| {
    ///         match tx.get::<i64>("account").await?.unwrap_or(0) {
    ///             balance @ ..5 => Err(Refused::Poor(balance)),
    ///             _ => Ok(tx.multi().decrby("account", 5)),
    ///         }
    ///     })
    ///     .await;
    /// assert!(matches!(paid, Err(Refused::Poor(0))));
    /// # Ok(()) }
    /// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
    /// ```
    ///
    /// # Errors
    ///
    /// As [`transaction`](Client::transaction), converted to `E`.
    pub async fn try_transaction<K, F, Fut, L, E>(&self, keys: K, body: F) -> Result<L::Replies, E>
    where
        K: KeysFor<AnyKind>,
        F: FnMut(Pipeline<Watching, V, T>) -> Fut,
        Fut: Future<Output = Result<Pipeline<Queued<L, Watched>, V, T>, E>>,
        L: CommandList,
        E: From<Error>,
    {
        let keys = watch_request(&keys, self.handle.tracks_keys());
        transaction::run(self.attempts(), keys, body).await
    }

    fn attempts(&self) -> Attempts<V, T> {
        Attempts::new(self.handle.clone(), self.retry)
    }
}

impl<T, V> Sealed for ClientOn<T, V> {}

impl<T, V> SharedCommands for ClientOn<T, V> {
    type Server = V;
    type Access = MayWrite;
    type Reach = EveryNode<T>;

    fn run_shared<C: Command>(&self, encode: impl FnOnce(&mut Writer<'_>)) -> CommandFuture<'_, C::Reply> {
        CommandFuture::on_client::<C>(&self.handle, encode)
    }
}

impl<'a, T, V> CommandSink for &'a ClientOn<T, V> {
    type Dispatch = Immediate<EveryNode<T>>;
    type Server = V;
    type Entry<C: Command, S> = C;
    type Output<C: Command> = CommandFuture<'a, C::Reply>;

    fn submit<C: Command>(self, encode: impl FnOnce(&mut Writer<'_>)) -> Self::Output<C> {
        CommandFuture::on_client::<C>(&self.handle, encode)
    }
}

impl<T, V> IntoQueue for &ClientOn<T, V> {
    type Queue = Pipeline<Queued<HNil, Transaction>, V, T>;
    #[inline]
    fn __typedis_into_queue(self) -> Self::Queue {
        self.pipeline().multi()
    }
}

/// The receiver of `pipeline!` with `watch`: a client, which can begin every attempt anew.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot watch keys and try again",
    label = "expected a client",
    note = "write `pipeline! {{ client => watch(..); .. }}`"
)]
pub trait BeginWatch {
    /// The lowest version of the server, as the client declares it.
    type Server;
    /// The topology of the servers.
    type Topology;
    /// The access of the client's commands: a watch guards writes.
    type Access;
    #[doc(hidden)]
    fn __typedis_attempts(self) -> Attempts<Self::Server, Self::Topology>
    where
        Self::Access: Guardable;
}

#[diagnostic::do_not_recommend]
impl<T, V> BeginWatch for &ClientOn<T, V> {
    type Server = V;
    type Topology = T;
    type Access = MayWrite;
    fn __typedis_attempts(self) -> Attempts<V, T> {
        self.attempts().in_place()
    }
}

#[diagnostic::do_not_recommend]
impl<T, V> BeginWatch for &ReplicaClient<T, V> {
    type Server = V;
    type Topology = T;
    type Access = OnlyReads;
    fn __typedis_attempts(self) -> Attempts<V, T> {
        ClientOn::<T, V>::on(self.of_primaries()).attempts().in_place()
    }
}
