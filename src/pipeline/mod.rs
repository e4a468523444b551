//! The state machine of a pipeline: its states, the transitions between them, and what each allows.
//!
//! - `pipeline`, `state`, `mode`, `transitions`, `watch`: the pipeline, its states, how a queue is sent, and the transitions
//!   that wait for the server
//! - `batch`, `entry`, `literal_keys`, `literal_slots`, `prepared`: the request side: encoded commands, and the places that they are put into
//! - `list`, `decode`, `exec_reply`, `outcome`: the reply side: the list of commands as a type, and how it reads replies
//! - `replicas`: pipelines that read from replicas
//! - `refusal`: what an error reply proves: whether its command ran
//! - `connection_ref`, `request_future`, `retry`: one request on its way to raw replies
//! - `one_slot`: the slots of the keys of a transaction on a cluster
//! - `execute`, `command_future`: the futures of a batch and of a command, which stand on it
//! - `commands`: the bounds of generic code, which runs commands at once

mod batch;
mod command_future;
mod commands;
mod connection_ref;
mod decode;
mod entry;
mod exec_reply;
mod execute;
mod list;
mod literal_keys;
mod literal_slots;
mod mode;
mod one_slot;
mod outcome;
#[allow(clippy::module_inception, reason = "the module of pipelines has a file for the pipeline itself")]
mod pipeline;
mod prepared;
mod refusal;
mod replicas;
mod request_future;
mod retry;
mod state;
mod transitions;
mod watch;

pub use command_future::CommandFuture;
#[doc(hidden)]
pub use commands::SharedCommands;
pub use commands::{Commands, ReadCommands};
pub use decode::{Each, ListEntry, When};
#[doc(hidden)]
pub use entry::{EntryToken, MacroEntry, entry, finish, push};
pub use entry::{OccupiedEntry, VacantEntry};
pub use execute::{CanExecute, Execute, ExecuteFuture};
#[doc(hidden)]
pub use execute::{execute, sendable};
pub use list::CommandList;
#[doc(hidden)]
pub use literal_keys::{apply, check, effect, join, track};
#[doc(hidden)]
pub use literal_slots::{first_key, key_slot, literal, next_key, reaching, watched};
pub use mode::{CanRetry, CanRunPrepared, Mode, NonAtomic, Retrying, Transaction, Watched};
#[doc(hidden)]
pub use mode::{PreparedMode, Sending};
pub use one_slot::{KnownSlots, OneNodeMode, OneSlot};
pub use outcome::Outcome;
pub use pipeline::Pipeline;
pub use prepared::{ExecutePrepared, IntoQueue, Prepared};
#[doc(hidden)]
pub use prepared::{prepare, preparing};
pub use replicas::{IdleOnReplicas, OnReplicas};
pub use state::{CanMulti, CanQueue, CanReset, CanUnwatch, CanWatch, Idle, Queued, Watching};
pub use transitions::{ResetFuture, WatchFuture};
pub(crate) use watch::watch_request;

use crate::{
    command::{Command, CommandSink, Deferred, Guardable, MayWrite, OneNode, Retryable, sealed::Sealed},
    connection::Request,
    error::Result,
    key::{AnyKind, KeysFor},
    resp::Writer,
    retry::Retry,
    topology::Topology,
};
pub use frunk_core::hlist::{HCons, HNil};

impl<V, T> Pipeline<Idle, V, T> {
    /// Queues commands to be sent in one write without MULTI: faster, and not atomic.
    #[must_use = "a pipeline sends nothing until it is executed"]
    pub fn without_transaction(self) -> Pipeline<Queued<HNil, NonAtomic>, V, T> {
        Pipeline::of(Queued::new(NonAtomic { handle: self.state.handle }))
    }
}

impl<S, V, T> Pipeline<S, V, T> {
    /// Watches `keys` (WATCH): one key or several, of any kinds. From here to [`multi`](Pipeline::multi) commands run at
    /// once, on a connection of the pipeline's own.
    ///
    /// When another client writes one of the keys before [`execute`](Pipeline::execute), nothing is executed and the
    /// outcome is a [`Conflict`](Outcome::Conflict). Reads before that are no snapshot: only the commit proves them.
    ///
    /// # What the server counts as a conflict
    ///
    /// - A command that writes a watched key, also where the key stays as it was: SET and HSET of the same value, INCRBY 0,
    ///   EXPIRE; and PFCOUNT after PFADD, which stores what it counted. LTRIM that removes nothing is a conflict on Redis and
    ///   none on Valkey, SETBIT of the same bit one on Redis before 7.0.
    /// - What fails or changes nothing, if it is a write to a vector set (VADD, VREM, VSETATTR), ARSET, ARSEEK or ARRING of the
    ///   same, INCREX with SATURATE at its bound, or a write of a module, such as JSON.SET or BF.ADD of what is there.
    /// - A write of the pipeline's own between `watch` and `multi`.
    /// - A watched key that expires. One that had expired before is none: Redis before 7.0 needs a lookup for that, so it
    ///   gets EXISTS of the keys in the same write, before WATCH, as does a server that does not tell its version (RESP2).
    ///
    /// # What it does not
    ///
    /// - Of all other commands, one that fails, or that finds nothing to do: SADD, ZADD and PFADD of what is there, PERSIST
    ///   without an expiry, LREM of nothing.
    /// - CMS.INCRBY, which counts all the same.
    /// - A hash field whose own time to live ends (Redis 7.4, Valkey 9.0): until the server removes it, the transaction
    ///   commits although reads no longer show the field.
    /// - Every change to the consumer groups of a stream, on all servers: XGROUP, XREADGROUP, XACK, XCLAIM, XAUTOCLAIM and XNACK;
    ///   XSETID and XCFGSET; and an XADD that IDMP finds to be a repeat. To guard them, write a key of your own beside them.
    /// - On a node of a cluster, a write to a key whose slot has moved to another node meanwhile. Queue a command on each
    ///   watched key, if only EXISTS: then the server refuses the transaction.
    ///
    /// [WATCH](https://redis.io/docs/latest/commands/watch/)
    ///
    /// # Errors
    ///
    /// When no connection can be had, or the server refuses the command. The connection is given back clean.
    pub fn watch(self, keys: impl KeysFor<AnyKind>) -> WatchFuture<V, T>
    where
        S: CanWatch,
        S::Access: Guardable,
    {
        let request = watch_request(&keys, self.state.handle().tracks_keys());
        self.watch_encoded(request)
    }

    pub(crate) fn watch_encoded(self, request: Result<Request>) -> WatchFuture<V, T>
    where
        S: CanWatch,
    {
        let span = self.state.handle().span();
        WatchFuture::new(span.around(watch::WATCH.name, self.state.watch(request)))
    }

    /// Queues what follows, to be executed as one transaction (MULTI). On a watching pipeline the transaction commits only
    /// if no watched key was written meanwhile.
    ///
    /// Nothing is sent before [`execute`](Pipeline::execute). On an idle pipeline the first command does the same.
    ///
    /// [MULTI](https://redis.io/docs/latest/commands/multi/)
    #[must_use = "a pipeline sends nothing until it is executed"]
    pub fn multi<M: Mode>(self) -> Pipeline<Queued<HNil, M>, V, T>
    where
        S: CanMulti<M>,
    {
        Pipeline::of(Queued::new(self.state.multi()))
    }

    /// Gives up the watch (UNWATCH). The connection goes back to the pool.
    ///
    /// [UNWATCH](https://redis.io/docs/latest/commands/unwatch/)
    pub fn unwatch(self) -> ResetFuture<V, T>
    where
        S: CanUnwatch,
    {
        self.reset()
    }

    /// Forgets the queued commands, of which nothing was sent. A watch is given up, and its connection goes back to the
    /// pool.
    pub fn discard(self) -> ResetFuture<V, T>
    where
        S: CanExecute,
    {
        self.reset()
    }

    /// Returns to the idle state from any other: queued commands are forgotten, a watch is given up.
    ///
    /// This cannot fail: a connection that cannot be cleaned is closed, which ends its watch too.
    pub fn reset(self) -> ResetFuture<V, T>
    where
        S: CanReset,
    {
        ResetFuture::new(self.state.reset())
    }

    /// Retries the commands when the connection is lost, by the policy `retry`, until they are answered. All of them must
    /// be commands that only read: [`execute`](Pipeline::execute) does not compile where one may write.
    ///
    /// A batch that may have run is sent again, so retrying is for reads alone, and the replies are those of the last
    /// attempt. A late reply is not waited for again: that is a
    /// [`Timeout`](crate::Error::Timeout), as it is elsewhere.
    ///
    /// ```
    /// use typedis::{Client, Retry, hlist_pat, pipeline, prelude::*};
    /// # async fn example(client: &Client) -> typedis::Result<()> {
    /// let retry = Retry::new().attempts(5);
    /// let hlist_pat![name, hits] =
    ///     client.pipeline().retry_reads(retry).get::<String>("name").get::<i64>("hits").execute().await?;
    ///
    /// let (titles,) = pipeline! { client.pipeline().retry_reads(retry) => lrange::<String>("titles", 0, 9) }?;
    /// # assert_eq!((name, hits, titles.len()), (None, None, 0));
    /// # Ok(()) }
    /// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
    /// ```
    #[must_use = "a pipeline sends nothing until it is executed"]
    pub fn retry_reads<L, M>(self, retry: Retry) -> Pipeline<Queued<L, Retrying<M>>, V, T>
    where
        S: CanQueue<L, M>,
        M: CanRetry,
    {
        Pipeline::of(self.state.queued().with_mode(|mode| Retrying { mode, retry }))
    }

    /// Queues one command for each of `items`. Their replies are one `Vec`, in the order of the items.
    ///
    /// ```
    /// use typedis::{Client, hlist_pat, prelude::*};
    /// # async fn example(client: &Client) -> typedis::Result<()> {
    /// let hlist_pat![(), names] = client
    ///     .pipeline()
    ///     .set("user:1", "Ada")
    ///     .each([1, 2], |p, id| p.get::<String>(format!("user:{id}")))
    ///     .execute()
    ///     .await?;
    /// assert_eq!(names, [Some("Ada".to_owned()), None]);
    /// # Ok(()) }
    /// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
    /// ```
    #[must_use = "a pipeline sends nothing until it is executed"]
    pub fn each<I, C, F, L, M>(self, items: I, command: F) -> Pipeline<Queued<HCons<Each<C>, L>, M>, V, T>
    where
        S: CanQueue<L, M>,
        M: Mode,
        I: IntoIterator,
        C: Command,
        F: for<'a> FnMut(VacantEntry<'a, V, M::Dispatch<T>>, I::Item) -> OccupiedEntry<'a, C>,
    {
        let mut queued = self.state.queued();
        queued.batch.each(items, command);
        Pipeline::of(queued.with_entry())
    }

    /// Queues a command if `condition` holds. Its reply is an `Option`.
    ///
    /// ```
    /// use typedis::{Client, hlist_pat, prelude::*};
    /// # async fn example(client: &Client) -> typedis::Result<()> {
    /// # let verbose = false;
    /// let hlist_pat![hits, log] = client
    ///     .pipeline()
    ///     .incr("hits")
    ///     .when(verbose, |p| p.append("log", "hit\n"))
    ///     .execute()
    ///     .await?;
    /// assert_eq!((hits, log), (1, None));
    /// # Ok(()) }
    /// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
    /// ```
    #[must_use = "a pipeline sends nothing until it is executed"]
    pub fn when<C, F, L, M>(self, condition: bool, command: F) -> Pipeline<Queued<HCons<When<C>, L>, M>, V, T>
    where
        S: CanQueue<L, M>,
        M: Mode,
        C: Command,
        F: for<'a> FnOnce(VacantEntry<'a, V, M::Dispatch<T>>) -> OccupiedEntry<'a, C>,
    {
        let mut queued = self.state.queued();
        queued.batch.when(condition, command);
        Pipeline::of(queued.with_entry())
    }
}

// As inherent methods here and for a cluster, and of the trait `Execute` for other topologies: see `one_slot`.
impl<S, V> Pipeline<S, V> {
    /// Sends the commands in one write and returns their replies as a list, in the order of the commands.
    ///
    /// The type of the replies follows from the commands. After [`watch`](Pipeline::watch) they come as an [`Outcome`],
    /// because another client may have written a watched key. A pipeline without a command and without a watch sends
    /// nothing.
    ///
    /// [EXEC](https://redis.io/docs/latest/commands/exec/)
    ///
    /// # Errors
    ///
    /// - [`Server`](crate::Error::Server) for the first command that failed; the others did run, unless
    ///   [`may_have_run`](crate::Error::may_have_run) is false. Where its number is 0, what typedis itself sent was refused, such
    ///   as MULTI, EXEC, or a script that does not compile.
    /// - [`CrossSlot`](crate::Error::CrossSlot) before anything is sent, when the keys of a transaction on a cluster are of several
    ///   slots and their types do not say so.
    /// - [`Aborted`](crate::Error::Aborted) when the server refused a command while queueing; none ran.
    /// - [`Reply`](crate::Error::Reply) for the first reply that cannot be read as its type; all commands did run.
    /// - [`OutcomeUnknown`](crate::Error::OutcomeUnknown) when the connection was lost after the first byte was written;
    ///   [`NotSent`](crate::Error::NotSent) when it was lost before, so that nothing ran. A server may close the connection
    ///   itself, at a transaction of more bytes than its `client-query-buffer-limit`, 1 GiB by default (Redis 7.4, Valkey
    ///   8.1).
    pub fn execute<A>(self) -> ExecuteFuture<A>
    where
        S: CanExecute<ExecuteAnswer = A>,
        S::FirstWrite: Retryable,
    {
        Execute::execute(self)
    }

    /// Sends the commands in one write and returns a `Result` for each of them, so that one that fails does not hide the
    /// others.
    ///
    /// # Errors
    ///
    /// As [`execute`](Pipeline::execute), but for the failures of single commands, which are in the list. In a cluster, where the
    /// commands of a pipeline without a transaction go to several nodes, these include the failures of a node: its commands have an
    /// [`OutcomeUnknown`](crate::Error::OutcomeUnknown) each, for example, or did not run, and those of the other nodes have their
    /// replies. Where no command has a reply, the pipeline fails.
    pub fn execute_each<A>(self) -> ExecuteFuture<A>
    where
        S: CanExecute<ExecuteEachAnswer = A>,
        S::FirstWrite: Retryable,
    {
        Execute::execute_each(self)
    }
}

impl<V, T> Sealed for Pipeline<Idle, V, T> {}
impl<L, M, V, T> Sealed for Pipeline<Queued<L, M>, V, T> {}
impl<V, T> Sealed for Pipeline<Watching, V, T> {}

impl<V, T: Topology> CommandSink for Pipeline<Idle, V, T> {
    type Dispatch = Deferred<OneNode<T>>;
    type Server = V;
    type Entry<C: Command, S> = T::Entry<C, S>;
    type Output<C: Command> = Pipeline<Queued<HCons<C, HNil>, Transaction>, V, T>;

    fn submit<C: Command>(self, encode: impl FnOnce(&mut Writer<'_>)) -> Self::Output<C> {
        self.multi().submit::<C>(encode)
    }
}

impl<L, M: Mode, V, T: Topology> CommandSink for Pipeline<Queued<L, M>, V, T> {
    type Dispatch = M::Dispatch<T>;
    type Server = V;
    type Entry<C: Command, S> = M::Entry<T, C, S>;
    type Output<C: Command> = Pipeline<Queued<HCons<C, L>, M>, V, T>;

    #[inline]
    fn submit<C: Command>(mut self, encode: impl FnOnce(&mut Writer<'_>)) -> Self::Output<C> {
        self.state.batch.push::<C>(encode);
        Pipeline::of(self.state.with_entry())
    }
}

impl<V, T> Commands for Pipeline<Watching, V, T> {}

impl<V, T> ReadCommands for Pipeline<Watching, V, T> {
    type Server = V;
    type Access = MayWrite;
    type Reach = OneNode<T>;

    fn run<C: Command>(&mut self, encode: impl FnOnce(&mut Writer<'_>)) -> CommandFuture<'_, C::Reply> {
        let Watching { handle, connection } = &mut self.state;
        CommandFuture::while_watching::<C>(handle, connection, encode)
    }
}
