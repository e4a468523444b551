//! The connections of one server.

use crate::{
    connection::{
        config::{Config, Settings},
        metrics::{Events, Metrics, Monitor},
        multiplexed::SharedConnection,
        pool::{Pool, PooledConnection},
    },
    error::Result,
    trace,
};
use std::{
    fmt,
    future::{Future, poll_fn},
    pin::pin,
    sync::Arc,
    task::Poll,
};

/// A handle to a server's connections: the shared one, and the pool of dedicated ones. Clones are the same handle; the
/// connections are closed with the last of them.
#[derive(Clone)]
pub struct Handle {
    inner: Arc<Inner>,
    /// The span that those of this handle are children of.
    parent: trace::Parent,
}

struct Inner {
    settings: Arc<Settings>,
    monitor: Arc<Monitor>,
    shared: Arc<SharedConnection>,
    pool: Arc<Pool>,
}

impl Handle {
    /// Opens the shared connection, so that a wrong address or password shows at once.
    pub(crate) async fn open<V>(config: Config<V>) -> Result<Handle> {
        config.validate()?;
        let settings = Arc::new(config.settings);
        let monitor = Monitor::new(settings.server());
        let shared = SharedConnection::open(settings.clone(), monitor.clone()).await?;
        let pool = Pool::new(settings.clone(), monitor.clone());
        let inner = Inner { settings, monitor, shared: Arc::new(shared), pool };
        Ok(Handle { inner: Arc::new(inner), parent: trace::Parent::default() })
    }

    /// Returns a span for a request on these connections.
    #[inline]
    pub(crate) fn span(&self) -> trace::Span {
        trace::Span::new(self.inner.monitor.server(), &self.parent)
    }

    /// Returns the same handle, whose spans are children of `parent`.
    pub(crate) fn under(&self, parent: trace::Parent) -> Handle {
        Handle { inner: self.inner.clone(), parent }
    }

    /// Returns the shared connection.
    #[inline]
    pub(crate) fn shared(&self) -> &Arc<SharedConnection> {
        &self.inner.shared
    }

    /// Returns a dedicated connection.
    pub(crate) async fn lease(&self) -> Result<PooledConnection> {
        self.inner.pool.acquire().await
    }

    /// Takes no more requests and closes the connections when those in flight have ended.
    pub(crate) async fn close(&self) {
        let Inner { shared, pool, .. } = &*self.inner;
        // Polled together, so that both refuse new work at once.
        let (mut shared, mut pool) = (pin!(shared.close()), pin!(pool.close()));
        let (mut shared_open, mut pool_open) = (true, true);
        poll_fn(|cx| {
            shared_open = shared_open && shared.as_mut().poll(cx).is_pending();
            pool_open = pool_open && pool.as_mut().poll(cx).is_pending();
            if shared_open || pool_open { Poll::Pending } else { Poll::Ready(()) }
        })
        .await
    }

    /// Where conflicts and attempts are counted.
    pub(crate) fn monitor(&self) -> &Monitor {
        &self.inner.monitor
    }

    pub(crate) fn events(&self) -> Events {
        self.inner.monitor.events()
    }

    pub(crate) fn metrics(&self) -> Metrics {
        let pool = self.inner.pool.count();
        Metrics { pool_in_use: pool.in_use, pool_idle: pool.idle, ..self.inner.shared.metrics() }
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Handle").field(&self.inner.settings).finish()
    }
}
