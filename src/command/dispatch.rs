//! The dispatch of a sink as a type: when its commands run, and which nodes of a cluster they reach; and the commands that
//! each dispatch allows.

use crate::{
    row::{Command, MayWrite, OnlyReads},
    topology::SingleServer,
};
use std::marker::PhantomData;

/// The dispatch of sinks that run a command at once: the client and watching pipelines. `N` is their reach, [`EveryNode`] or
/// [`OneNode`].
#[derive(Debug)]
pub struct Immediate<N>(PhantomData<fn() -> N>);

/// The dispatch of sinks that queue commands: pipelines behind `multi()`, and prepared batches. `N` is their reach,
/// [`EveryNode`] or [`OneNode`].
#[derive(Debug)]
pub struct Deferred<N>(PhantomData<fn() -> N>);

/// The reach of sinks that send each command to the nodes of the topology `T` that it needs: the client, and pipelines without
/// a transaction. A prepared batch counts as one of these, because it may be executed so.
#[derive(Debug)]
pub struct EveryNode<T>(PhantomData<fn() -> T>);

/// The reach of a transaction and of watching pipelines: one node of the topology `T`.
#[derive(Debug)]
pub struct OneNode<T>(PhantomData<fn() -> T>);

/// A command that may be submitted to sinks with this [dispatch](super::CommandSink::Dispatch). Rows with `multi: Allowed` may be
/// queued; the others only run at once.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be queued",
    label = "blocks, or is refused, inside MULTI",
    note = "inside a transaction a blocking command does not block, and others are refused: run it on the client, or on a watching pipeline before `multi()`"
)]
pub trait AllowedIn<Dispatch> {}

#[diagnostic::do_not_recommend]
impl<C, N> AllowedIn<Immediate<N>> for C {}

/// A command that does not change the state of its connection. Rows with `connection: Forbidden` do not implement it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` would change a connection that others share",
    label = "not sent as a command",
    note = "user, password, database, name and protocol are set once, in the URL or by `typedis::Config`; for watching there is `client.pipeline().watch(..)`"
)]
pub trait AllowedOnShared<Dispatch> {}

/// A dispatch that reaches all nodes of a cluster, as rows with the route [`AllShards`](super::Route::AllShards) or
/// [`AllNodes`](super::Route::AllNodes) need it. `C` is the command. One server is all of its nodes.
#[diagnostic::on_unimplemented(
    message = "`{C}` is for all nodes of a cluster, and a transaction runs on one of them",
    label = "not on one node of a cluster",
    note = "run it on the client itself, in generic code on a `client: &ClientOn<T, V>`, or in a pipeline `without_transaction()`"
)]
pub trait ReachesEveryNode<C> {}

#[diagnostic::do_not_recommend]
impl<C, T> ReachesEveryNode<C> for Immediate<EveryNode<T>> {}
#[diagnostic::do_not_recommend]
impl<C> ReachesEveryNode<C> for Immediate<OneNode<SingleServer>> {}
#[diagnostic::do_not_recommend]
impl<C, T> ReachesEveryNode<C> for Deferred<EveryNode<T>> {}
#[diagnostic::do_not_recommend]
impl<C> ReachesEveryNode<C> for Deferred<OneNode<SingleServer>> {}

/// The dispatch of generic code, which runs commands at once on what it was lent: commands of the access `A`, [`OnlyReads`] or
/// all of them, on the nodes `N`.
#[derive(Debug)]
pub struct Lent<A, N>(PhantomData<fn() -> (A, N)>);

/// The access of a command that generic code may run: of what [reads](crate::ReadCommands) for every bound, and all where
/// [`Commands`](crate::Commands) is the bound. `C` is the command, which the error names.
#[diagnostic::on_unimplemented(
    message = "`{C}` may write, and this takes only commands that read",
    label = "not with `ReadCommands`",
    note = "take `c: &mut impl Commands`; scripts read by `script_ro`, a command of your own says `access: ReadOnly`"
)]
pub trait LentFor<A, C> {}
impl<A, C> LentFor<A, C> for OnlyReads {}
impl<C> LentFor<MayWrite, C> for MayWrite {}

// Recommended, so that the error is that of the bound.
impl<C: Command, A, N> AllowedIn<Lent<A, N>> for C where C::Access: LentFor<A, C> {}

#[diagnostic::do_not_recommend]
impl<C, A, T> ReachesEveryNode<C> for Lent<A, EveryNode<T>> {}
#[diagnostic::do_not_recommend]
impl<C, A> ReachesEveryNode<C> for Lent<A, OneNode<SingleServer>> {}

/// A dispatch that reaches one server, which its caller has chosen, as rows with the route
/// [`SingleServer`](super::Route::SingleServer) need it. `C` is the command.
#[diagnostic::on_unimplemented(
    message = "`{C}` is about one server, and a client of a cluster has many",
    label = "not on a cluster",
    note = "run it on a `Client` of the node that is meant: `Client::open(Config::from_url(url)?.single_node())`"
)]
pub trait ReachesOneServer<C> {}

#[diagnostic::do_not_recommend]
impl<C> ReachesOneServer<C> for Immediate<EveryNode<SingleServer>> {}
#[diagnostic::do_not_recommend]
impl<C> ReachesOneServer<C> for Immediate<OneNode<SingleServer>> {}
#[diagnostic::do_not_recommend]
impl<C> ReachesOneServer<C> for Deferred<EveryNode<SingleServer>> {}
#[diagnostic::do_not_recommend]
impl<C> ReachesOneServer<C> for Deferred<OneNode<SingleServer>> {}
#[diagnostic::do_not_recommend]
impl<C, A> ReachesOneServer<C> for Lent<A, EveryNode<SingleServer>> {}
#[diagnostic::do_not_recommend]
impl<C, A> ReachesOneServer<C> for Lent<A, OneNode<SingleServer>> {}

/// The dispatch of sinks that read from replicas, and else dispatch as `D` does.
#[derive(Debug)]
pub struct FromReplicas<D>(PhantomData<fn() -> D>);

/// The access of a command that replicas serve: [`OnlyReads`]. `C` is the command, which the error names.
#[diagnostic::on_unimplemented(
    message = "`{C}` may write, and replicas serve only reads",
    label = "not on a client of replicas",
    note = "run it on the client itself; scripts read by `script_ro`, a command of your own says `access: ReadOnly`"
)]
pub trait ServedByReplicas<C> {}
impl<C> ServedByReplicas<C> for OnlyReads {}

// Recommended, so that the error is that of the bounds.
impl<C: Command + AllowedIn<D>, D> AllowedIn<FromReplicas<D>> for C where C::Access: ServedByReplicas<C> {}
#[diagnostic::do_not_recommend]
impl<C, D: ReachesEveryNode<C>> ReachesEveryNode<C> for FromReplicas<D> {}
#[diagnostic::do_not_recommend]
impl<C, D: ReachesOneServer<C>> ReachesOneServer<C> for FromReplicas<D> {}
