//! Nodes of a cluster: they connect at their first request, tell their router of trouble, and leave without losing a request.

use super::{HELLO, handshake, server};
use crate::{
    connection::{
        Config, Event, Metrics, RawReplies, Request, RequestError,
        metrics::{EventSender, NodeSign},
        node::{Node, NodeContext},
    },
    error::{Error, Result},
    resp::control::PING,
};
use std::{
    future::Future,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    runtime,
    sync::Notify,
    task::yield_now,
    time::timeout,
};
use typedis_testing::ClosedPort;

const LEFT: &str = "the node has left the cluster";

/// A node with the signs that its observer has seen.
struct Observed {
    node: Arc<Node>,
    signs: Arc<Mutex<Vec<NodeSign>>>,
    signed: Arc<Notify>,
    events: EventSender,
}

fn observed(config: Config) -> Observed {
    let (signs, signed) = (Arc::<Mutex<Vec<NodeSign>>>::default(), Arc::<Notify>::default());
    let events = EventSender::new();
    let observer = {
        let (signs, signed) = (signs.clone(), signed.clone());
        Arc::new(move |sign| {
            signs.lock().unwrap_or_else(PoisonError::into_inner).push(sign);
            signed.notify_one();
        })
    };
    let context = NodeContext { runtime: runtime::Handle::current(), events: events.clone(), observer };
    Observed { node: Arc::new(Node::lazy(Arc::new(config.settings), context)), signs, signed, events }
}

impl Observed {
    /// Waits until the observer has seen `sign`.
    async fn sees(&self, sign: NodeSign) {
        while !self.signs.lock().unwrap_or_else(PoisonError::into_inner).contains(&sign) {
            soon(self.signed.notified()).await;
        }
    }
}

fn ping(node: &Arc<Node>) -> impl Future<Output = Result<RawReplies, RequestError>> + Send + 'static {
    let shared = node.shared().clone();
    async move { shared.call(Request::control(PING)).await }
}

/// Fails what waits for its timeout, which is longer.
async fn soon<T>(future: impl Future<Output = T>) -> T {
    timeout(Duration::from_secs(4), future).await.expect("it does not wait for its timeout")
}

/// Waits until `holds` does.
async fn until(holds: impl Fn() -> bool) {
    soon(async {
        while !holds() {
            yield_now().await;
        }
    })
    .await;
}

fn not_sent(error: RequestError) -> String {
    match error {
        RequestError::NotSent(error @ Error::NotSent { .. }) => error.to_string(),
        other => panic!("{other:?}"),
    }
}

/// A server that answers each PING, and the number of its connections.
async fn accepting() -> (Config, Arc<AtomicUsize>) {
    let accepted = Arc::<AtomicUsize>::default();
    let config = server({
        let accepted = accepted.clone();
        move |mut stream| {
            accepted.fetch_add(1, Ordering::SeqCst);
            async move {
                handshake(&mut stream).await;
                while stream.read_exact(&mut [0; PING.bytes.len()]).await.is_ok() {
                    stream.write_all(b"+PONG\r\n").await.unwrap();
                }
            }
        }
    });
    (config.await, accepted)
}

/// A server that answers each PING behind the handshake with `reply`, once `go` is notified for it.
async fn pausing(go: Arc<Notify>, reply: &'static [u8]) -> Config {
    server(move |mut stream| {
        let go = go.clone();
        async move {
            handshake(&mut stream).await;
            let mut request = [0; PING.bytes.len()];
            while stream.read_exact(&mut request).await.is_ok() {
                go.notified().await;
                stream.write_all(reply).await.unwrap();
            }
        }
    })
    .await
}

#[tokio::test]
async fn a_node_connects_at_its_first_request() {
    let (config, accepted) = accepting().await;
    let Observed { node, signs, events, .. } = observed(config);
    let mut heard = events.subscribe();
    for _ in 0..100 {
        yield_now().await;
    }
    assert_eq!((accepted.load(Ordering::SeqCst), node.metrics()), (0, Metrics::default()));

    let replies = soon(ping(&node)).await.unwrap();
    assert_eq!((&replies.bytes[..], replies.errors), (&b"+PONG\r\n"[..], false));
    soon(ping(&node)).await.unwrap();
    assert_eq!(accepted.load(Ordering::SeqCst), 1);
    soon(node.acquire()).await.unwrap();
    assert_eq!(accepted.load(Ordering::SeqCst), 2);
    let Metrics { connections, reconnects, connect_failures, .. } = node.metrics();
    assert_eq!((connections, reconnects, connect_failures), (2, 0, 0));
    soon(node.close()).await;
    assert!(signs.lock().unwrap().is_empty(), "{signs:?}");
    events.emit(Event::Closed);
    assert!(
        matches!(heard.next().await, Some(Event::Closed)),
        "neither the first connection nor the end of a node is an event"
    );
}

#[tokio::test]
async fn requests_before_the_first_connection_go_out_in_order_on_it() {
    let (config, accepted) = accepting().await;
    let Observed { node, .. } = observed(config);
    let calls: Vec<_> = (0..10).map(|_| tokio::spawn(ping(&node))).collect();
    for call in calls {
        soon(call).await.unwrap().unwrap();
    }
    assert_eq!(accepted.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_wrong_password_fails_the_first_request_at_once() {
    let config = server(|mut stream| async move {
        let _ = stream.read(&mut [0; 1024]).await;
        let refused = b"-WRONGPASS invalid username-password pair or user is disabled.\r\n";
        let _ = stream.write_all(&refused.repeat(4)).await;
        let _ = stream.read(&mut [0; 1024]).await;
    });
    let Observed { node, .. } = observed(config.await.password("s3cret"));
    for _ in 0..2 {
        match soon(ping(&node)).await.unwrap_err() {
            RequestError::NotSent(Error::Handshake { error, .. }) => assert_eq!(error.code(), "WRONGPASS"),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn an_unused_node_is_closed_at_once() {
    let port = ClosedPort::new();
    let Observed { node, .. } = observed(Config::from_url(&format!("redis://{}", port.addr())).unwrap());
    soon(node.close()).await;
    soon(node.close()).await;
    assert!(matches!(soon(ping(&node)).await, Err(RequestError::NotSent(Error::Closed))));
    assert!(matches!(soon(node.acquire()).await, Err(Error::Closed)));
}

#[test]
fn the_supervisor_runs_where_the_client_was_opened() {
    let servers = runtime::Runtime::new().unwrap();
    let (config, accepted) = servers.block_on(accepting());
    let home = runtime::Runtime::new().unwrap();
    let Observed { node, .. } = home.block_on(async { observed(config) });
    let call = || {
        let caller = runtime::Builder::new_current_thread().enable_all().build().unwrap();
        caller.block_on(soon(ping(&node))).map(|replies| replies.bytes)
    };
    for _ in 0..3 {
        assert_eq!(call().unwrap(), "+PONG\r\n");
    }
    assert_eq!(accepted.load(Ordering::SeqCst), 1, "the connection outlives the runtimes of its callers");
    drop(home);
    assert_eq!(call().unwrap(), "+PONG\r\n");
    assert_eq!(accepted.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn the_first_request_after_the_clients_runtime_was_shut_down_fails_and_the_next_one_connects() {
    let (config, accepted) = accepting().await;
    let node = tokio::task::spawn_blocking(move || {
        let home = runtime::Builder::new_current_thread().enable_all().build().unwrap();
        home.block_on(async { observed(config) }).node
    });
    let node = node.await.unwrap();
    let error = not_sent(soon(ping(&node)).await.unwrap_err());
    assert!(error.contains("runtime"), "{error}");
    soon(ping(&node)).await.unwrap();
    assert_eq!(accepted.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_node_that_leaves_answers_what_is_in_flight_and_takes_no_more() {
    let go = Arc::<Notify>::default();
    let Observed { node, signs, events, .. } = observed(pausing(go.clone(), b"+PONG\r\n").await);
    let mut heard = events.subscribe();
    let mut lent = soon(node.acquire()).await.unwrap();
    drop(soon(node.acquire()).await.unwrap());
    go.notify_one();
    soon(ping(&node)).await.unwrap();
    let in_flight: Vec<_> = (0..3).map(|_| tokio::spawn(ping(&node))).collect();
    until(|| node.metrics().in_flight == 3 && node.metrics().queued == 0).await;

    node.leave(LEFT);
    let error = not_sent(soon(ping(&node)).await.unwrap_err());
    assert!(error.contains(LEFT), "{error}");
    assert!(
        matches!(soon(node.acquire()).await, Err(error @ Error::NotSent { .. }) if error.to_string().contains(LEFT))
    );
    assert_eq!((node.metrics().pool_idle, node.metrics().pool_in_use), (0, 1));
    let mut closing = tokio::spawn({
        let node = node.clone();
        async move { node.close().await }
    });
    for call in in_flight {
        go.notify_one();
        assert_eq!(soon(call).await.unwrap().unwrap().bytes, "+PONG\r\n");
    }
    go.notify_one();
    soon(lent.call(&Request::control(PING))).await.unwrap();
    assert!(timeout(Duration::from_millis(50), &mut closing).await.is_err(), "a connection is in use");
    drop(lent);
    soon(closing).await.unwrap();
    assert_eq!(node.metrics().pool_idle, 0);
    assert!(signs.lock().unwrap().is_empty(), "{signs:?}");
    events.emit(Event::Missed(1));
    assert!(matches!(heard.next().await, Some(Event::Missed(1))), "the end of a node is no event");
}

#[tokio::test]
async fn a_node_that_leaves_while_it_cannot_be_reached_gives_its_requests_back_at_once() {
    let port = ClosedPort::new();
    let observed = observed(Config::from_url(&format!("redis://{}", port.addr())).unwrap().pool_size(1));
    let node = &observed.node;
    let mut parked: Vec<_> = (0..3).map(|_| tokio::spawn(ping(node))).collect();
    let acquiring: Vec<_> = (0..2)
        .map(|_| {
            let node = node.clone();
            tokio::spawn(async move { node.acquire().await })
        })
        .collect();
    observed.sees(NodeSign::Unreachable).await;
    // The node stays, so later requests wait as before.
    node.fail_parked();
    for call in parked.drain(..) {
        not_sent(soon(call).await.unwrap().unwrap_err());
    }
    for acquired in acquiring {
        assert!(matches!(soon(acquired).await.unwrap(), Err(Error::NotSent { .. })));
    }
    let mut parked = tokio::spawn(ping(node));
    assert!(timeout(Duration::from_millis(50), &mut parked).await.is_err());
    node.leave(LEFT);
    assert!(not_sent(soon(parked).await.unwrap().unwrap_err()).contains(LEFT));
    soon(node.close()).await;
}

#[tokio::test]
async fn requests_that_a_leaving_node_has_not_written_are_given_back_when_its_connection_is_lost() {
    let end = Arc::<Notify>::default();
    let accepted = Arc::<AtomicUsize>::default();
    let config = server({
        let (end, accepted) = (end.clone(), accepted.clone());
        move |mut stream| {
            let end = end.clone();
            accepted.fetch_add(1, Ordering::SeqCst);
            async move {
                handshake(&mut stream).await;
                // Reads one request, and no other one.
                let _ = stream.read_exact(&mut [0; PING.bytes.len()]).await;
                end.notified().await;
            }
        }
    });
    let Observed { node, .. } = observed(config.await);
    let written = tokio::spawn(ping(&node));
    until(|| node.metrics().in_flight == 1 && node.metrics().queued == 0).await;
    // More than the socket takes.
    let shared = node.shared().clone();
    let size = 32 * 1024 * 1024;
    let half = tokio::spawn({
        let shared = shared.clone();
        async move { shared.call(Request::raw(&vec![0; size], 1)).await }
    });
    until(|| node.metrics().in_flight == 2).await;
    let unwritten = tokio::spawn(ping(&node));
    until(|| node.metrics().in_flight == 3).await;
    node.leave(LEFT);
    end.notify_one();
    assert!(matches!(soon(written).await.unwrap(), Err(RequestError::Lost { .. })));
    assert!(matches!(soon(half).await.unwrap(), Err(RequestError::Lost { .. })));
    assert!(not_sent(soon(unwritten).await.unwrap().unwrap_err()).contains(LEFT));
    soon(node.close()).await;
    assert_eq!(accepted.load(Ordering::SeqCst), 1, "a node that leaves does not reconnect");
}

#[tokio::test]
async fn waiting_for_the_pool_ends_when_the_node_leaves() {
    let (config, _) = accepting().await;
    let Observed { node, .. } = observed(config.pool_size(1));
    let lent = soon(node.acquire()).await.unwrap();
    let waiting = tokio::spawn({
        let node = node.clone();
        async move { node.acquire().await }
    });
    for _ in 0..10 {
        yield_now().await;
    }
    node.leave(LEFT);
    assert!(matches!(soon(waiting).await.unwrap(), Err(Error::NotSent { .. })));
    drop(lent);
    soon(node.close()).await;
}

#[tokio::test]
async fn redirects_and_refusals_are_signs_and_the_connections_stay() {
    for (reply, sign) in [
        (&b"-MOVED 1 127.0.0.1:7000\r\n"[..], NodeSign::Moved),
        (b"-MOVED 1 :6379\r\n", NodeSign::Moved),
        (b"-CLUSTERDOWN Hash slot not served\r\n", NodeSign::ClusterDown),
        (b"-READONLY You can't write against a read only replica.\r\n", NodeSign::Replica),
    ] {
        let go = Arc::<Notify>::default();
        let observed = observed(pausing(go.clone(), reply).await);
        let node = &observed.node;
        for _ in 0..2 {
            go.notify_one();
            assert!(soon(ping(node)).await.unwrap().errors, "{sign:?}");
            observed.sees(sign).await;
        }
        observed.signs.lock().unwrap().clear();
        let mut connection = soon(node.acquire()).await.unwrap();
        go.notify_one();
        let replies = soon(connection.call(&Request::control(PING))).await.unwrap();
        assert!(replies.errors && replies.epoch.is_none(), "{replies:?}");
        observed.sees(sign).await;
        drop(connection);
        drop(soon(node.acquire()).await.unwrap());
        assert_eq!(node.metrics().connections, 2, "{sign:?}");
    }
}

#[tokio::test]
async fn a_lost_connection_is_a_sign() {
    let config = server(|mut stream| async move {
        handshake(&mut stream).await;
        let _ = stream.read(&mut [0; 100]).await;
    });
    let observed = observed(config.await);
    assert!(matches!(soon(ping(&observed.node)).await, Err(RequestError::Lost { .. })));
    observed.sees(NodeSign::Lost).await;
}

#[tokio::test]
async fn a_first_connection_after_failures_is_an_event() {
    let loading = Arc::new(AtomicUsize::new(2));
    let config = server(move |mut stream| {
        let loads = loading.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
        async move {
            let _ = stream.read(&mut [0; 1024]).await;
            let busy = &b"-LOADING the dataset is in memory soon\r\n".repeat(5)[..];
            let _ = stream.write_all(if loads { busy } else { HELLO }).await;
            let _ = stream.read(&mut [0; 1024]).await;
            let _ = stream.write_all(b"+PONG\r\n").await;
            let _ = stream.read(&mut [0; 1024]).await;
        }
    });
    let Observed { node, events, .. } = observed(config.await);
    let mut events = events.subscribe();
    soon(ping(&node)).await.unwrap();
    for attempt in 1..=2 {
        assert!(matches!(events.next().await, Some(Event::ConnectFailed { attempts, .. }) if attempts == attempt));
    }
    assert!(matches!(events.next().await, Some(Event::Connected { reconnects: 0, .. })));
}

#[tokio::test]
async fn a_client_of_one_server_refuses_the_url_of_a_cluster() {
    let port = ClosedPort::new();
    let url = format!("redis+cluster://:s3cret@{},{}", port.addr(), port.addr());
    match super::refused(Config::from_url(&url).unwrap()).await {
        Error::Config(reason) => assert!(reason.contains("`ClusterClient`") && !reason.contains("s3cret"), "{reason}"),
        other => panic!("{other:?}"),
    }
}
