//! Batches that are encoded once and run many times.

use super::{
    Pipeline,
    execute::send,
    list::CommandList,
    mode::{Detached, Mode, Sending, Transaction, Watched},
    queue::{Decoder, Queue},
    state::{Idle, Queued, Watching},
};
use crate::error::Result;
use frunk_core::hlist::HNil;
use std::fmt;

/// Commands that are encoded once and can be run as often as you like, made by
/// [`pipeline!`](crate::pipeline) without a client.
///
/// `R` is the tuple of the replies; nothing else of the commands is in the type, so it can be the field of a struct.
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
pub struct Prepared<R> {
    queue: Queue,
    name: fn(usize, &[usize]) -> &'static str,
    #[allow(clippy::type_complexity)]
    decode: Box<dyn Fn(&mut Decoder<'_>) -> Result<R> + Send + Sync>,
}

impl<R> Prepared<R> {
    /// Sends the commands in one write and returns their replies as a tuple.
    ///
    /// On a client they are a transaction. On a pipeline they are sent as it would send them:
    /// `client.pipeline().without_transaction()` without MULTI, a watching pipeline guarded by its watch, with an
    /// [`Outcome`](crate::Outcome).
    ///
    /// # Errors
    ///
    /// As [`Pipeline::execute`].
    pub async fn execute<B, M>(&self, on: B) -> Result<M::Answer<R>>
    where
        B: Begin<Queue = Pipeline<Queued<HNil, M>>>,
        M: Sending,
    {
        let mut queued = on.__typedis_begin().state;
        queued.queue.fill(&self.queue);
        let executed = send(queued.queue, queued.mode, self.name).await?;
        executed.read::<M, _>(&self.decode)
    }
}

impl<R> fmt::Debug for Prepared<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prepared").field("commands", &self.queue.writer.commands()).finish_non_exhaustive()
    }
}

/// For `pipeline!`: a queue that will not be sent.
pub fn detached() -> Pipeline<Queued<HNil, Detached>> {
    Pipeline { state: Queued::new(Detached) }
}

/// For `pipeline!`: makes a batch of a queue, whose replies `place` puts into a tuple.
pub fn prepare<L: CommandList, R>(
    pipeline: Pipeline<Queued<L, Detached>>,
    place: impl Fn(L::Replies) -> R + Send + Sync + 'static,
) -> Prepared<R> {
    Prepared {
        queue: pipeline.state.queue,
        name: L::name,
        decode: Box::new(move |decoder| L::replies(decoder).map(&place)),
    }
}

/// What commands can be queued on from the start: a client, an idle pipeline, one
/// [without a transaction](Pipeline::without_transaction), or a watching one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot take a batch of commands",
    label = "expected a client, or a pipeline that holds no commands yet",
    note = "pass `&client`, `client.pipeline().without_transaction()`, or a watching pipeline"
)]
pub trait Begin {
    /// The empty queue.
    type Queue;
    #[doc(hidden)]
    fn __typedis_begin(self) -> Self::Queue;
}

#[diagnostic::do_not_recommend]
impl Begin for Pipeline<Idle> {
    type Queue = Pipeline<Queued<HNil, Transaction>>;
    fn __typedis_begin(self) -> Self::Queue {
        self.multi()
    }
}

#[diagnostic::do_not_recommend]
impl Begin for Pipeline<Watching> {
    type Queue = Pipeline<Queued<HNil, Watched>>;
    fn __typedis_begin(self) -> Self::Queue {
        self.multi()
    }
}

#[diagnostic::do_not_recommend]
impl<M: Mode> Begin for Pipeline<Queued<HNil, M>> {
    type Queue = Self;
    fn __typedis_begin(self) -> Self {
        self
    }
}
