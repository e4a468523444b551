//! The retry loop of optimistic transactions: watch, read, queue, execute, and again on a conflict.

use crate::{
    connection::{Handle, Request},
    error::{Error, Result},
    pipeline::{CommandList, Execute, Idle, Outcome, Pipeline, Queued, Watched, Watching},
    retry::Retry,
    topology::SingleServer,
    trace,
    version::AnyVersion,
};
use std::{future::Future, marker::PhantomData, sync::atomic::Ordering};

/// The attempts of one transaction.
#[derive(Debug)]
pub struct Attempts<V = AnyVersion, T = SingleServer> {
    handle: Handle,
    retry: Retry,
    attempts: u32,
    span: trace::Span,
    server: PhantomData<fn() -> (V, T)>,
}

impl<V, T> Attempts<V, T> {
    pub(crate) fn new(handle: Handle, retry: Retry) -> Self {
        let span = handle.span();
        Attempts { handle, retry, attempts: 0, span, server: PhantomData }
    }

    /// Begins the attempts of a loop that is expanded into the caller's code. No future of that code can be polled
    /// within the span of the transaction, so the commands get it as their parent explicitly.
    pub(crate) fn in_place(mut self) -> Self {
        self.span.begin_attempts();
        Attempts { handle: self.handle.under(self.span.parent()), ..self }
    }

    /// Waits for the pause before the next attempt and returns the pipeline of that attempt.
    pub async fn begin_attempt(&mut self) -> Result<Pipeline<Idle, V, T>> {
        if !self.retry.again(self.attempts).await {
            return Err(Error::Conflict { attempts: self.attempts });
        }
        if self.attempts > 0 {
            self.handle.monitor().retry();
        }
        self.attempts += 1;
        self.span.attempt();
        Ok(Pipeline::idle(self.handle.clone()))
    }

    /// Records the result of the last attempt in the span, and returns it.
    pub fn ended<R>(mut self, result: Result<R>) -> Result<R> {
        match &result {
            Ok(_) => self.span.committed(),
            Err(error) => self.span.attempts_failed(error),
        }
        result
    }
}

/// Watches `keys`, lets `body` read and queue, executes, and retries on a conflict.
pub(crate) fn run<F, Fut, L, E, V, T>(
    mut attempts: Attempts<V, T>,
    keys: Result<Request>,
    body: F,
) -> impl Future<Output = Result<L::Replies, E>>
where
    F: FnMut(Pipeline<Watching, V, T>) -> Fut,
    Fut: Future<Output = Result<Pipeline<Queued<L, Watched>, V, T>, E>>,
    L: CommandList,
    E: From<Error>,
{
    attempts.span.begin_attempts();
    let within = attempts.span.parent();
    within.around(again_on_conflict(attempts, keys, body))
}

async fn again_on_conflict<F, Fut, L, E, V, T>(
    mut attempts: Attempts<V, T>,
    keys: Result<Request>,
    mut body: F,
) -> Result<L::Replies, E>
where
    F: FnMut(Pipeline<Watching, V, T>) -> Fut,
    Fut: Future<Output = Result<Pipeline<Queued<L, Watched>, V, T>, E>>,
    L: CommandList,
    E: From<Error>,
{
    loop {
        let idle = match attempts.begin_attempt().await {
            Ok(idle) => idle,
            Err(error) => return attempts.ended(Err(error)).map_err(E::from),
        };
        let watching = match idle.watch_encoded(keys.clone()).await {
            Ok(watching) => watching,
            Err(error) if error.is_watch_lost() => continue,
            Err(error) => return attempts.ended(Err(error)).map_err(E::from),
        };
        let watch_lost = watching.watch_lost_flag();
        let queue = match body(watching).await {
            Err(_) if watch_lost.load(Ordering::Acquire) => continue,
            queue => queue?,
        };
        match queue.execute().await {
            Ok(Outcome::Committed(replies)) => return attempts.ended(Ok(replies)).map_err(E::from),
            Ok(Outcome::Conflict) => {}
            Err(error) if error.is_watch_lost() => {}
            Err(error) => return attempts.ended(Err(error)).map_err(E::from),
        }
    }
}
