//! The times of PINGs to replicas, which are sent when the map was refreshed, so that the nearest one is known; and the first PING,
//! which opens a connection, so that the server tells its zone.

use super::{join::join, node::ClusterNode, state::Cluster};
use crate::{
    connection::{
        alarm, metrics::Status, multiplexed::SharedConnection, node::Node, request::Request, state::ConnectionState,
    },
    error::Error,
    resp::control::PING,
};
use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    sync::Arc,
    task::Poll,
    time::{Duration, Instant},
};

/// The number of PINGs of which the median is taken.
const PINGS: usize = 5;
/// The time in which a replica is to answer a PING.
const ANSWER: Duration = Duration::from_secs(1);
/// The measuring of all replicas.
pub(super) type Pings = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Returns what measures the replicas of a cluster, if a client wants the nearest, or learns their zones, if a client prefers one. It
/// does not hold the cluster.
pub(super) fn pings(cluster: &Cluster) -> Option<Pings> {
    let (pings, nodes) = if cluster.measures_replicas() {
        (PINGS, cluster.replicas(|_| true))
    } else if cluster.learns_zones() {
        let is_connected = |node: &ClusterNode| node.reading().is_some_and(|reading| reading.node.is_connected());
        (0, cluster.replicas(|replica| replica.zone.is_none() && !is_connected(&replica.node)))
    } else {
        return None;
    };
    let measured = nodes.into_iter().map(|node| {
        let shared = cluster.nodes().open_reading(&node).node.shared().clone();
        measure(node, shared, pings)
    });
    let measured: Vec<_> = measured.collect();
    Some(Box::pin(async move { drop(join(measured).await) }))
}

/// Waits for `until` while the replicas are measured, which goes on with the next call.
pub(super) async fn beside<T>(pings: &mut Option<Pings>, until: impl Future<Output = T>) -> T {
    let mut until = pin!(until);
    poll_fn(|cx| {
        if pings.as_mut().is_some_and(|pings| pings.as_mut().poll(cx).is_ready()) {
            *pings = None;
        }
        until.as_mut().poll(cx)
    })
    .await
}

async fn measure(node: Arc<ClusterNode>, shared: Arc<SharedConnection>, pings: usize) {
    let mut times = Vec::new();
    // The first one may wait for the connection, and does not count.
    for round in 0..=pings {
        let Some(time) = ping(&shared).await else { return };
        if round > 0 {
            times.push(time.as_micros() as u64);
        }
    }
    times.sort_unstable();
    if let (Some(reading), Some(median)) = (node.reading(), times.get(PINGS / 2)) {
        reading.health.set_latency(*median);
    }
}

async fn ping(shared: &Arc<SharedConnection>) -> Option<Duration> {
    let begin = Instant::now();
    let answer = alarm::before(begin.checked_add(ANSWER), shared.call(Request::control(PING))).await?;
    answer.is_ok().then(|| begin.elapsed())
}

/// Returns whether a node answers in this time. A connection that is not open is opened so; the answer is no as soon as that fails,
/// or while it has failed last.
pub(super) async fn answers(node: &Node, within: Duration) -> bool {
    let mut status = node.monitor().status();
    if is_failing(&status.borrow()) {
        return false;
    }
    let ping = node.shared().call(Request::control(PING));
    let mut answer = pin!(alarm::before(Instant::now().checked_add(within), ping));
    let mut failing = pin!(status.wait_for(is_failing));
    poll_fn(|cx| match answer.as_mut().poll(cx) {
        Poll::Ready(answer) => Poll::Ready(matches!(answer, Some(Ok(_)))),
        Poll::Pending => failing.as_mut().poll(cx).map(|_| false),
    })
    .await
}

/// Returns whether the last attempt to connect has failed. One that was lost is probably made again at once.
fn is_failing(status: &Status) -> bool {
    let has_failed = !matches!(status.error, None | Some(Error::NotSent { .. }));
    status.state == ConnectionState::Reconnecting && has_failed
}
