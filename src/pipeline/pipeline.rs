//! The pipeline as a type: its state, and what its client declares of the servers.

use super::state::{Idle, Watching};
use crate::{connection::Handle, topology::SingleServer, version::AnyVersion};
use std::{
    marker::PhantomData,
    sync::{Arc, atomic::AtomicBool},
};

/// Commands on their way to the server. The type says in which state it is, which commands it holds and what each of them
/// will answer.
///
/// | state | holds | may |
/// |---|---|---|
/// | [`Idle`] | nothing | [`watch`](Pipeline::watch), [`multi`](Pipeline::multi), take a first command |
/// | [`Watching`](super::Watching) | one connection of its own, on which keys are watched | run commands at once, watch more keys, [`unwatch`](Pipeline::unwatch), [`multi`](Pipeline::multi) |
/// | [`Queued<L, M>`](super::Queued) | the commands of the list `L`, to be sent as `M` says | take more commands, [`execute`](Pipeline::execute), [`discard`](Pipeline::discard) |
///
/// A transition that a state does not allow does not compile. A queue sends nothing before it is executed, so dropping it
/// has no effect on the server; dropping a watching pipeline gives its connection back clean.
///
/// ```
/// use typedis::{Client, Outcome, hlist_pat, prelude::*};
/// # async fn example(client: &Client) -> typedis::Result<()> {
/// let hlist_pat![(), hits] = client.pipeline().set("foo", "bar").incr("hits").execute().await?;
/// assert_eq!(hits, 1);
/// # Ok(()) }
/// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
/// ```
///
/// `V` is the lowest version of the server that the client declares, if it does; see
/// [`Config::at_least`](crate::Config::at_least). `T` is the [topology](crate::topology) of the servers.
#[derive(Debug)]
pub struct Pipeline<S, V = AnyVersion, T = SingleServer> {
    pub(crate) state: S,
    server: PhantomData<fn() -> (V, T)>,
}

impl<S, V, T> Pipeline<S, V, T> {
    pub(crate) fn of(state: S) -> Self {
        Pipeline { state, server: PhantomData }
    }
}

impl<V, T> Pipeline<Watching, V, T> {
    /// Returns the flag that is set when the watch is lost with its connection.
    pub(crate) fn watch_lost_flag(&self) -> Arc<AtomicBool> {
        self.state.connection.watch_lost_flag()
    }
}

impl<V, T> Pipeline<Idle, V, T> {
    pub(crate) fn idle(handle: Handle) -> Self {
        Pipeline::of(Idle { handle })
    }
}
