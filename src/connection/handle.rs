//! The connections of one server.

use crate::{
    connection::{
        config::{Config, Settings},
        metrics::{Events, Metrics, Monitor},
        multiplexed::Shared,
        pool::{Idle, Lease, Pool},
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

/// The way to a server's connections: one that is shared, and a pool of those that have one owner. Clones are the same
/// handle; the connections are closed with the last of them.
#[derive(Clone)]
pub struct Handle(Arc<Inner>, trace::Parent);

struct Inner {
    settings: Arc<Settings>,
    monitor: Arc<Monitor>,
    shared: Arc<Shared>,
    pool: Arc<Pool>,
}

impl Handle {
    /// Connects, so that a wrong address or password shows at once.
    pub(crate) async fn open<V>(config: Config<V>) -> Result<Handle> {
        config.validate()?;
        let (settings, idle) = (Arc::new(config.settings), Arc::new(Idle::default()));
        let monitor = Monitor::new(settings.server());
        let shared = Shared::open(settings.clone(), idle.clone(), monitor.clone()).await?;
        let pool = Pool::new(settings.clone(), idle, monitor.clone());
        let inner = Inner { settings, monitor, shared: Arc::new(shared), pool };
        Ok(Handle(Arc::new(inner), trace::Parent::default()))
    }

    /// Returns a span for something that is to be sent on these connections.
    #[inline]
    pub(crate) fn span(&self) -> trace::Span {
        trace::Span::new(self.0.monitor.server(), &self.1)
    }

    /// Returns the same handle, whose spans stand under `parent`.
    pub(crate) fn under(&self, parent: trace::Parent) -> Handle {
        Handle(self.0.clone(), parent)
    }

    /// Returns the shared connection.
    #[inline]
    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.0.shared
    }

    /// Returns a connection for the caller alone.
    pub(crate) async fn lease(&self) -> Result<Lease> {
        self.0.pool.lease().await
    }

    /// Takes no more requests and closes the connections when what is in flight has ended.
    pub(crate) async fn close(&self) {
        let Inner { shared, pool, .. } = &*self.0;
        // Polled together, so that both refuse new work at once.
        let (mut shared, mut pool) = (pin!(shared.close()), pin!(pool.close()));
        let mut open = (true, true);
        poll_fn(|cx| {
            open.0 = open.0 && shared.as_mut().poll(cx).is_pending();
            open.1 = open.1 && pool.as_mut().poll(cx).is_pending();
            if open == (false, false) { Poll::Ready(()) } else { Poll::Pending }
        })
        .await
    }

    /// Where conflicts and attempts are counted.
    pub(crate) fn monitor(&self) -> &Monitor {
        &self.0.monitor
    }

    pub(crate) fn events(&self) -> Events {
        self.0.monitor.events()
    }

    pub(crate) fn metrics(&self) -> Metrics {
        let (pool_in_use, pool_idle) = self.0.pool.count();
        Metrics { pool_in_use, pool_idle, ..self.0.shared.metrics() }
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Handle").field(&self.0.settings).finish()
    }
}
