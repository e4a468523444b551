//! A oneshot channel for a request's response.
//!
//! Two things set it apart from tokio's. The receiver's waker is known when the channel is made, so a caller that has just
//! sent its request need not poll again; and a thread reuses the memory of its last channels, so a response costs no
//! allocation.

use crate::connection::{failure::RequestError, request::RawReplies, sync::lock};
use std::{
    cell::RefCell,
    io,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
};

/// The message of the channel.
pub(super) type Response = Result<RawReplies, RequestError>;

/// The number of channels that a thread caches.
const CACHED: usize = 64;

thread_local! {
    static CHANNEL_CACHE: RefCell<Vec<Arc<Mutex<Channel>>>> = const { RefCell::new(Vec::new()) };
}

/// The state that both ends share.
struct Channel {
    /// The error is boxed, for it is rare and large.
    response: Option<Result<RawReplies, Box<RequestError>>>,
    waker: Option<Waker>,
}

/// The driver's end. Dropped without a response, it sends that the connection was lost.
pub(super) struct Sender(Option<Arc<Mutex<Channel>>>);

/// The caller's end.
pub(super) struct Receiver(Option<Arc<Mutex<Channel>>>);

/// Makes a channel. The response wakes `waker`, unless the receiver is polled with another one before.
pub(super) fn channel(waker: &Waker) -> (Sender, Receiver) {
    let channel =
        cached(waker).unwrap_or_else(|| Arc::new(Mutex::new(Channel { response: None, waker: Some(waker.clone()) })));
    (Sender(Some(channel.clone())), Receiver(Some(channel)))
}

/// Takes a channel of this thread's cache, unless its sender is still about to be dropped.
fn cached(waker: &Waker) -> Option<Arc<Mutex<Channel>>> {
    let mut channel = CHANNEL_CACHE.try_with(|channels| channels.try_borrow_mut().ok()?.pop()).ok()??;
    Arc::get_mut(&mut channel)?.get_mut().ok()?.waker = Some(waker.clone());
    Some(channel)
}

/// Puts a channel whose response was taken into the cache.
fn cache(channel: Arc<Mutex<Channel>>) {
    let _ = CHANNEL_CACHE.try_with(|channels| {
        let Ok(mut channels) = channels.try_borrow_mut() else { return };
        if channels.len() < CACHED {
            channels.push(channel);
        }
    });
}

impl Sender {
    /// Sends the response and wakes the receiver.
    pub(super) fn send(self, response: Response) {
        if let Some(waker) = self.complete(response) {
            waker.wake();
        }
    }

    /// Sends the response and returns the waker to be woken; none if the receiver is `polling`, which is polled next anyway.
    #[inline]
    #[must_use = "the receiver waits to be woken"]
    pub(super) fn complete_unless_polling(self, polling: Option<&Receiver>, response: Response) -> Option<Waker> {
        let polls = polling.is_some_and(|receiver| self.is_paired_with(receiver));
        self.complete(response).filter(|_| !polls)
    }

    /// Returns whether the receiver was dropped.
    pub(super) fn is_closed(&self) -> bool {
        self.0.as_ref().is_none_or(|channel| Arc::strong_count(channel) == 1)
    }

    /// Returns whether the response is for `receiver`.
    pub(super) fn is_paired_with(&self, receiver: &Receiver) -> bool {
        matches!((&self.0, &receiver.0), (Some(ours), Some(theirs)) if Arc::ptr_eq(ours, theirs))
    }

    /// Sends the response and returns the waker to be woken.
    #[must_use = "the receiver waits to be woken"]
    pub(super) fn complete(mut self, response: Response) -> Option<Waker> {
        let channel = self.0.take()?;
        let mut channel = lock(&channel);
        channel.response = Some(response.map_err(Box::new));
        channel.waker.take()
    }
}

impl Drop for Sender {
    #[inline]
    fn drop(&mut self) {
        if let Some(channel) = self.0.take() {
            abandon(channel);
        }
    }
}

/// Sends that the connection was lost, unless the receiver was dropped.
#[cold]
fn abandon(channel: Arc<Mutex<Channel>>) {
    if Arc::strong_count(&channel) > 1 {
        let lost = RequestError::Lost { answered: 0, source: Arc::new(io::ErrorKind::ConnectionAborted.into()) };
        Sender(Some(channel)).send(Err(lost));
    }
}

impl Receiver {
    /// Polls for the response; `cx` is woken when it comes.
    #[inline]
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Response> {
        let Some(channel) = &self.0 else { return Poll::Pending };
        let mut locked = lock(channel);
        let Some(response) = locked.response.take() else {
            if !locked.waker.as_ref().is_some_and(|waker| waker.will_wake(cx.waker())) {
                locked.waker = Some(cx.waker().clone());
            }
            return Poll::Pending;
        };
        drop(locked);
        if let Some(channel) = self.0.take() {
            cache(channel);
        }
        Poll::Ready(response.map_err(|error| *error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::state::Epoch;
    use bytes::Bytes;
    use std::{
        sync::atomic::{AtomicUsize, Ordering},
        task::Wake,
    };

    #[derive(Default)]
    struct CountingWaker(AtomicUsize);

    impl Wake for CountingWaker {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn replies(replies: &'static str) -> Response {
        Ok(RawReplies { bytes: Bytes::from(replies), epoch: Some(Epoch::after(None)), errors: false })
    }

    fn wakes(waker: &Arc<CountingWaker>) -> usize {
        waker.0.swap(0, Ordering::Relaxed)
    }

    fn poll(receiver: &mut Receiver, waker: &Arc<CountingWaker>) -> Poll<Response> {
        receiver.poll(&mut Context::from_waker(&waker.clone().into()))
    }

    #[test]
    fn a_response_wakes_the_waker_that_polled_last() {
        let (first, last) = (Arc::<CountingWaker>::default(), Arc::<CountingWaker>::default());
        let (sender, mut receiver) = channel(&first.clone().into());
        sender.send(replies("a"));
        assert_eq!((wakes(&first), wakes(&last)), (1, 0));
        assert!(matches!(poll(&mut receiver, &first), Poll::Ready(Ok(replies)) if replies.bytes == "a"));

        let (sender, mut receiver) = channel(&first.clone().into());
        assert!(poll(&mut receiver, &last).is_pending());
        sender.send(replies("b"));
        assert_eq!((wakes(&first), wakes(&last)), (0, 1));
        assert!(matches!(poll(&mut receiver, &last), Poll::Ready(Ok(replies)) if replies.bytes == "b"));
    }

    #[test]
    fn only_the_receiver_that_polls_anyway_is_not_woken() {
        let waker = Arc::<CountingWaker>::default();
        let (sender, mut receiver) = channel(&waker.clone().into());
        // A second request of the same task, which may have been polled before the first.
        let (other, _receiver) = channel(&waker.clone().into());
        assert!(sender.complete_unless_polling(Some(&receiver), replies("")).is_none());
        assert!(other.complete_unless_polling(Some(&receiver), replies("")).is_some());
        assert_eq!(wakes(&waker), 0, "the driver wakes");
        assert!(poll(&mut receiver, &waker).is_ready());
    }

    #[test]
    fn a_dropped_sender_sends_that_the_connection_was_lost() {
        let waker = Arc::<CountingWaker>::default();
        let (sender, mut receiver) = channel(&waker.clone().into());
        drop(sender);
        assert_eq!(wakes(&waker), 1);
        assert!(matches!(poll(&mut receiver, &waker), Poll::Ready(Err(RequestError::Lost { answered: 0, .. }))));
    }

    #[test]
    fn a_channel_is_reused_and_a_response_never_taken_twice() {
        let waker = Waker::noop();
        let (sender, mut receiver) = channel(waker);
        let address = receiver.0.as_ref().map(Arc::as_ptr);
        sender.send(replies("a"));
        assert!(receiver.poll(&mut Context::from_waker(waker)).is_ready());
        assert!(receiver.poll(&mut Context::from_waker(waker)).is_pending());
        let (sender, mut receiver) = channel(waker);
        assert_eq!(receiver.0.as_ref().map(Arc::as_ptr), address);
        assert!(receiver.poll(&mut Context::from_waker(waker)).is_pending());
        // A channel whose receiver was dropped is not reused: its response may still come.
        assert!(!sender.is_closed());
        drop(receiver);
        assert!(sender.is_closed());
        let (_other_sender, mut receiver) = channel(waker);
        assert_ne!(receiver.0.as_ref().map(Arc::as_ptr), address);
        sender.send(replies("b"));
        assert!(receiver.poll(&mut Context::from_waker(waker)).is_pending());
    }
}
