//! Transitions between states that wait for the server, as futures.
//!
//! Their types do not name the state that the pipeline comes from, so a transition that this state does not allow is one
//! error.

use super::{
    pipeline::Pipeline,
    state::{Idle, Watching},
};
use crate::{connection::Handle, error::Result, topology::SingleServer, version::AnyVersion};
use std::{
    fmt,
    future::Future,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll},
};

macro_rules! transitions {
    ($($(#[$doc:meta])* $name:ident<V, T> from $from:ty => $output:ty: $finish:expr;)*) => {$(
        $(#[$doc])*
        #[must_use = "futures do nothing unless they are awaited"]
        pub struct $name<V = AnyVersion, T = SingleServer>(
            Pin<Box<dyn Future<Output = $from> + Send>>,
            PhantomData<fn() -> (V, T)>,
        );

        impl<V, T> $name<V, T> {
            pub(super) fn new(future: impl Future<Output = $from> + Send + 'static) -> Self {
                $name(Box::pin(future), PhantomData)
            }
        }

        impl<V, T> Future for $name<V, T> {
            type Output = $output;

            fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<$output> {
                self.0.as_mut().poll(context).map($finish)
            }
        }

        impl<V, T> fmt::Debug for $name<V, T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )*};
}

transitions! {
    /// A pipeline on its way to watching: the future that [`watch`](Pipeline::watch) returns.
    WatchFuture<V, T> from Result<Watching> => Result<Pipeline<Watching, V, T>>: |state| Ok(Pipeline::of(state?));

    /// A pipeline on its way back to idle: the future of [`unwatch`](Pipeline::unwatch), [`discard`](Pipeline::discard) and
    /// [`reset`](Pipeline::reset).
    ResetFuture<V, T> from Handle => Pipeline<Idle, V, T>: Pipeline::idle;
}
