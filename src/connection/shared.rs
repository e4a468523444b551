//! The connection that all callers share: what they ask leaves in one write, and every caller is handed the bytes of its
//! own replies.

use super::{config::Config, driver::Driver, failure::Failure, handshake, queue::Queue, session::Session};
use crate::error::Result;
use bytes::Bytes;
use std::{borrow::Cow, fmt, io, sync::Arc};

/// A connection for any number of callers at a time. Its socket is closed when the last owner drops it.
pub struct Shared {
    queue: Arc<Queue>,
    session: Session,
}

impl Shared {
    /// Connects, and starts the task that reads and writes on the current runtime.
    pub(super) async fn open(config: &Config) -> Result<Shared> {
        let (wire, session) = handshake::connect(config).await?;
        let queue = Arc::new(Queue::default());
        tokio::spawn(Driver::new(wire, queue.clone(), config.response_timeout).run());
        Ok(Shared { queue, session })
    }

    /// Sends a request as one contiguous piece and returns its replies, at least one, in order, as one piece that may
    /// hold push messages between them.
    ///
    /// Dropped before its first poll it sends nothing; later, the request runs and its replies are thrown away.
    pub(crate) async fn call<'a>(&self, request: impl Into<Cow<'a, [u8]>>, replies: usize) -> Result<Bytes, Failure> {
        let answer = self.queue.submit(request.into(), replies)?;
        // The driver answers every caller, also when it ends or is dropped.
        answer.await.unwrap_or_else(|_| {
            Err(Failure::Lost { answered: 0, source: Arc::new(io::ErrorKind::ConnectionAborted.into()) })
        })
    }

    /// What is known of this connection.
    pub(crate) fn session(&self) -> &Session {
        &self.session
    }

    /// True until the connection has ended.
    #[inline]
    pub(super) fn alive(&self) -> bool {
        self.queue.alive()
    }

    /// Closes the connection, whose replies do not match what was asked; the next caller gets another one.
    pub(crate) fn close(&self) {
        self.queue.close();
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.queue.close();
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Session { protocol, server_version, .. } = &self.session;
        f.debug_struct("Shared")
            .field("alive", &self.alive())
            .field("protocol", protocol)
            .field("server_version", server_version)
            .finish_non_exhaustive()
    }
}
