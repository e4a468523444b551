//! Batches that are encoded once and run many times.

use super::{
    batch::{Batch, InfoAt},
    decode::Decoder,
    execute::BatchFuture,
    list::CommandList,
    mode::{CanRunPrepared, Mode, PreparedMode, Sending, Transaction, Watched},
    pipeline::Pipeline,
    state::{Idle, Queued, Watching},
};
use crate::{connection::RoutingFacts, error::Result, version::AnyVersion};
use frunk_core::hlist::HNil;
use std::{
    fmt,
    future::Future,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll},
};

/// Commands that are encoded once and can be run as often as you like, made by
/// [`pipeline!`](macro@crate::pipeline) without a client.
///
/// `R` is the tuple of the replies; nothing else of the commands is in the type, so it can be the field of a struct. `V`
/// is the version that the clients which run it declare, if they do, and need not be written where it is run.
///
/// ```
/// use typedis::{Client, Prepared, pipeline, prelude::*};
/// # async fn example(client: &Client) -> typedis::Result<()> {
/// struct Page {
///     visit: Prepared<(i64, Option<String>)>,
/// }
/// let page = Page { visit: pipeline! { incr("visits"); get::<String>("title") } };
///
/// assert_eq!(page.visit.execute(client).await?, (1, None));
/// assert_eq!(page.visit.execute(client).await?, (2, None));
/// # Ok(()) }
/// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
/// ```
#[must_use = "a prepared batch sends nothing until it is executed"]
pub struct Prepared<R, V = AnyVersion> {
    batch: Batch,
    info: InfoAt,
    facts: RoutingFacts,
    #[allow(clippy::type_complexity, reason = "the type is written once")]
    decode: Box<dyn Fn(&mut Decoder<'_>) -> Result<R> + Send + Sync>,
    server: PhantomData<fn() -> V>,
}

impl<R, V> Prepared<R, V> {
    /// Sends the commands in one write and returns their replies as a tuple.
    ///
    /// On a client they are a transaction. On a pipeline they are sent as it would send them:
    /// `client.pipeline().without_transaction()` without MULTI, a watching pipeline guarded by its watch, with an
    /// [`Outcome`](crate::Outcome).
    ///
    /// # Errors
    ///
    /// As [`Pipeline::execute`].
    pub fn execute<B, M, A, T>(&self, on: B) -> ExecutePrepared<'_, A>
    where
        B: IntoQueue<Queue = Pipeline<Queued<HNil, M>, V, T>>,
        M: Sending + Mode<Answer<R> = A>,
        M: CanRunPrepared,
    {
        let mut queued = on.__typedis_into_queue().state;
        queued.batch.fill(&self.batch);
        let batch = BatchFuture::new(queued.batch, queued.mode, self.info, self.facts);
        ExecutePrepared(Box::pin(async move { batch.await?.decode::<M, _>(&self.decode) }))
    }
}

/// A prepared batch on its way: the future of its answer, an `A`.
///
/// Nothing is sent before it is first polled. Its type does not name the batch, so that what is wrong with a place to
/// execute it on is one error.
#[must_use = "a prepared batch sends nothing until its execution is awaited"]
pub struct ExecutePrepared<'a, A>(Pin<Box<dyn Future<Output = Result<A>> + Send + 'a>>);

impl<A> Future for ExecutePrepared<'_, A> {
    type Output = Result<A>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<A>> {
        self.0.as_mut().poll(context)
    }
}

impl<A> fmt::Debug for ExecutePrepared<'_, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExecutePrepared").finish_non_exhaustive()
    }
}

impl<R, V> fmt::Debug for Prepared<R, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prepared").field("commands", &self.batch.buffer.commands()).finish_non_exhaustive()
    }
}

/// For `pipeline!`: a queue that is only encoded.
pub fn preparing<V>() -> Pipeline<Queued<HNil, PreparedMode>, V> {
    Pipeline::of(Queued::new(PreparedMode))
}

/// For `pipeline!`: makes a prepared batch of a queue. `into` makes a tuple of the replies.
pub fn prepare<L: CommandList, R, V>(
    pipeline: Pipeline<Queued<L, PreparedMode>, V>,
    into: impl Fn(L::Replies) -> R + Send + Sync + 'static,
) -> Prepared<R, V> {
    let batch = pipeline.state.batch;
    Prepared {
        facts: L::facts(&batch.repeats),
        batch,
        info: L::info,
        decode: Box::new(move |decoder| L::replies(decoder).map(&into)),
        server: PhantomData,
    }
}

/// A receiver that commands can be queued on from the start: a client, an idle pipeline, one
/// [without a transaction](Pipeline::without_transaction), or a watching one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot take a batch of commands",
    label = "expected a client, or a pipeline that holds no commands yet",
    note = "pass `&client`, `client.pipeline().without_transaction()`, or a watching pipeline"
)]
pub trait IntoQueue {
    /// The empty queue.
    type Queue;
    #[doc(hidden)]
    fn __typedis_into_queue(self) -> Self::Queue;
}

#[diagnostic::do_not_recommend]
impl<V, T> IntoQueue for Pipeline<Idle, V, T> {
    type Queue = Pipeline<Queued<HNil, Transaction>, V, T>;
    #[inline]
    fn __typedis_into_queue(self) -> Self::Queue {
        self.multi()
    }
}

#[diagnostic::do_not_recommend]
impl<V, T> IntoQueue for Pipeline<Watching, V, T> {
    type Queue = Pipeline<Queued<HNil, Watched>, V, T>;
    #[inline]
    fn __typedis_into_queue(self) -> Self::Queue {
        self.multi()
    }
}

#[diagnostic::do_not_recommend]
impl<M: Mode, V, T> IntoQueue for Pipeline<Queued<HNil, M>, V, T> {
    type Queue = Self;
    #[inline]
    fn __typedis_into_queue(self) -> Self {
        self
    }
}
