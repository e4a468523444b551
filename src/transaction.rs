//! The retry loop: watch, read, queue, execute, and again on a conflict.

use crate::{
    connection::Handle,
    error::{Error, Result},
    key::{AnyKind, KeysFor},
    pipeline::{CommandList, Idle, Outcome, Pipeline, Queued, Watched, Watching, encode_watch},
    resp::Writer,
    retry::Retry,
    version::AnyVersion,
};
use std::{future::Future, marker::PhantomData};

/// The attempts of one transaction.
#[derive(Debug)]
pub struct Attempts<V = AnyVersion> {
    handle: Handle,
    retry: Retry,
    made: u32,
    server: PhantomData<fn() -> V>,
}

impl<V> Attempts<V> {
    pub(crate) fn new(handle: Handle, retry: Retry) -> Self {
        Attempts { handle, retry, made: 0, server: PhantomData }
    }

    /// Waits where it must and returns the pipeline for the next attempt.
    #[allow(clippy::should_implement_trait)]
    pub async fn next(&mut self) -> Result<Pipeline<Idle, V>> {
        if !self.retry.again(self.made).await {
            return Err(Error::Conflict { attempts: self.made });
        }
        if self.made > 0 {
            self.handle.monitor().retry();
        }
        self.made += 1;
        Ok(Pipeline::idle(self.handle.clone()))
    }
}

/// Tells whether an attempt ended because its watched connection was lost before anything was written.
pub fn watch_lost(error: &Error) -> bool {
    matches!(error, Error::WatchLost { .. })
}

/// Watches `keys`, lets `body` read and queue, executes, and begins again on a conflict.
pub(crate) async fn run<F, Fut, L, E, V>(mut attempts: Attempts<V>, keys: Writer, mut body: F) -> Result<L::Replies, E>
where
    F: FnMut(Pipeline<Watching, V>) -> Fut,
    Fut: Future<Output = Result<Pipeline<Queued<L, Watched>, V>, E>>,
    L: CommandList,
    E: From<Error>,
{
    loop {
        let idle = attempts.next().await?;
        let watching = match idle.watch_encoded(keys.clone()).await {
            Err(error) if watch_lost(&error) => continue,
            watching => watching?,
        };
        let lost = watching.state.lease().lost_flag();
        let queue = match body(watching).await {
            Err(_) if lost.load(std::sync::atomic::Ordering::Relaxed) => continue,
            queue => queue?,
        };
        match queue.execute().await {
            Ok(Outcome::Committed(replies)) => return Ok(replies),
            Ok(Outcome::Conflict) => {}
            Err(error) if watch_lost(&error) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

pub(crate) fn watch_request(keys: impl KeysFor<AnyKind>) -> Writer {
    let mut request = Writer::default();
    encode_watch(&keys, &mut request);
    request
}
