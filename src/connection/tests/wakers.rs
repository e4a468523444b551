//! Wakers that poll their future at once, within `wake`, are no trap.

use super::{PING, answering, ask, counting, handshake, lost, server};
use crate::connection::{Config, Handle, failure::RequestError};
use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc,
    },
    task::{Context, Wake, Waker},
    thread,
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    runtime::Builder,
    sync::{Notify, oneshot},
    task::{JoinSet, yield_now},
};

const LONG: Duration = Duration::from_secs(60);

/// A task that is polled within its wake.
struct Inline {
    future: Mutex<Option<Pin<Box<dyn Future<Output = ()> + Send>>>>,
    woken: AtomicBool,
}

impl Wake for Inline {
    fn wake(self: Arc<Self>) {
        self.woken.store(true, Ordering::SeqCst);
        while self.woken.load(Ordering::SeqCst) {
            // If the future is being polled, it is polled again when that returns.
            let Ok(mut future) = self.future.try_lock() else { return };
            while self.woken.swap(false, Ordering::SeqCst) {
                let waker = Waker::from(self.clone());
                let ended =
                    future.as_mut().is_some_and(|f| f.as_mut().poll(&mut Context::from_waker(&waker)).is_ready());
                if ended {
                    *future = None;
                }
            }
        }
    }
}

/// Spawns an inline task, and returns the future of its output.
fn spawn_inline<T: Send + 'static>(future: impl Future<Output = T> + Send + 'static) -> oneshot::Receiver<T> {
    let (sender, receiver) = oneshot::channel();
    let future = async move {
        let _ = sender.send(future.await);
    };
    let task = Arc::new(Inline { future: Mutex::new(Some(Box::pin(future))), woken: AtomicBool::new(false) });
    Waker::from(task).wake();
    receiver
}

/// Runs a test on a thread of its own, so that a deadlock is a failure.
fn within_time<F: Future<Output = ()>>(threads: usize, test: impl FnOnce() -> F + Send + 'static) {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let runtime = Builder::new_multi_thread().worker_threads(threads).enable_all().build().unwrap();
        runtime.block_on(test());
        sender.send(()).unwrap();
    });
    receiver.recv_timeout(LONG).expect("it ends, without a panic");
}

async fn open(config: Config) -> Handle {
    Handle::open(config).await.unwrap()
}

#[test]
fn replies_wake_it_without_a_lock() {
    // The small queue makes callers wait for room.
    for (threads, queue) in [(1, 1000), (2, 1000), (1, 2 * PING.bytes.len()), (2, 2 * PING.bytes.len())] {
        within_time(threads, async move || {
            let handle = open(counting().await.max_queued_bytes(queue)).await;
            let asked = |handle: Handle| async move {
                for _ in 0..200 {
                    ask(&handle, 1).await.unwrap();
                }
            };
            let inline: Vec<_> = (0..4).map(|_| spawn_inline(asked(handle.clone()))).collect();
            let mut spawned = JoinSet::new();
            (0..4).for_each(|_| drop(spawned.spawn(asked(handle.clone()))));
            spawned.join_all().await;
            for task in inline {
                task.await.unwrap();
            }
            // Alone, the inline task leads.
            spawn_inline(asked(handle)).await.unwrap();
        });
    }
}

#[test]
fn timeouts_and_the_end_of_the_connection_wake_it_without_a_lock() {
    within_time(1, async || {
        let config = answering(b"").await.response_timeout(Duration::from_millis(50));
        let handle = open(config).await;
        let asked = |handle: Handle| async move {
            // The connection is closed after three timeouts, so some requests meet its end, and some the next one. The pauses
            // between connections that have ended early become longer than a timeout, however busy the machine is.
            let (mut asked, mut late, mut lost) = (0, 0, 0);
            while asked < 20 || late == 0 || lost == 0 || handle.metrics().reconnects == 0 {
                match ask(&handle, 1).await.unwrap_err() {
                    RequestError::Lost { .. } | RequestError::NotSent(_) => lost += 1,
                    RequestError::TimedOut { .. } => late += 1,
                    other => panic!("{other:?}"),
                }
                asked += 1;
                yield_now().await;
            }
        };
        let tasks: Vec<_> = (0..4).map(|_| spawn_inline(asked(handle.clone()))).collect();
        for task in tasks {
            task.await.unwrap();
        }
    });
}

#[test]
fn failed_attempts_to_connect_wake_it_without_a_lock() {
    within_time(1, async || {
        let connections = AtomicUsize::new(0);
        // The first connection ends when the test listens, so that the event is not missed.
        let listening = Arc::new(Notify::new());
        let hang_up = listening.clone();
        let config = server(move |mut stream| {
            let (first, hang_up) = (connections.fetch_add(1, Ordering::Relaxed) == 0, hang_up.clone());
            async move {
                if first {
                    handshake(&mut stream).await;
                    return hang_up.notified().await;
                }
                let _ = stream.read(&mut [0; 1024]).await;
                let _ = stream.write_all(b"-ERR not today\r\n").await;
            }
        });
        let handle = open(config.await).await;
        let mut events = handle.events();
        listening.notify_one();
        lost(&mut events).await;
        let asked = |handle: Handle| async move {
            for _ in 0..5 {
                let error = ask(&handle, 1).await.unwrap_err();
                assert!(matches!(error, RequestError::NotSent(_)), "{error:?}");
            }
        };
        let tasks: Vec<_> = (0..4).map(|_| spawn_inline(asked(handle.clone()))).collect();
        for task in tasks {
            task.await.unwrap();
        }
    });
}

/// A waker that panics.
struct Panicking;

impl Wake for Panicking {
    fn wake(self: Arc<Self>) {
        panic!("a waker that panics, on purpose");
    }
}

#[test]
fn a_waker_that_panics_keeps_no_other_caller_from_its_reply() {
    within_time(1, async || {
        // Answers three requests at a time, so that all of them are pending when the wakers are woken.
        let config = server(|mut stream| async move {
            handshake(&mut stream).await;
            while stream.read_exact(&mut [0; 3 * PING.bytes.len()]).await.is_ok() {
                stream.write_all(b":1\r\n:2\r\n:3\r\n").await.unwrap();
            }
        });
        let handle = open(config.await).await;
        for _ in 0..20 {
            let [mut first, mut panics, last] = [(); 3].map(|()| {
                let handle = handle.clone();
                Box::pin(async move { ask(&handle, 1).await.unwrap() })
            });
            let panicking = Arc::new(Panicking).into();
            // The first caller leads, so the socket knows no waker that panics.
            assert!(first.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
            assert!(panics.as_mut().poll(&mut Context::from_waker(&panicking)).is_pending());
            let last = tokio::spawn(last);
            assert_eq!((first.await, last.await.unwrap()), (":1\r\n".into(), ":3\r\n".into()));
            assert_eq!(panics.await, ":2\r\n");
        }
        assert_eq!(handle.metrics().reconnects, 0);
    });
}
