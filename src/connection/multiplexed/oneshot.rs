//! Where a caller finds its answer: a channel for one value, as small as the purpose allows.
//!
//! It knows from the start whom to wake, so a caller that has just asked need not look; and the memory is kept for the next
//! call of the same thread, so that an answer costs no allocation.

use crate::connection::{failure::Failure, sync::lock};
use bytes::Bytes;
use std::{
    cell::RefCell,
    io,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
};

/// A caller's replies, and the number of the connection that they came on.
#[derive(Debug)]
pub(crate) struct Replies {
    /// All of them, as one piece.
    pub(crate) bytes: Bytes,
    /// See [`Shared::give_up`](super::Shared::give_up).
    pub(crate) epoch: u64,
}

/// What a caller is told.
pub(super) type Answer = Result<Replies, Failure>;

/// How many slots a thread keeps.
const KEPT: usize = 64;

thread_local! {
    static KEPT_SLOTS: RefCell<Vec<Arc<Mutex<ListEntry>>>> = const { RefCell::new(Vec::new()) };
}

/// What both ends share.
struct ListEntry {
    /// A failure is rare and large, so it has a box.
    answer: Option<Result<Replies, Box<Failure>>>,
    waker: Option<Waker>,
}

/// The end of who answers. Dropped without an answer, it says that the connection was lost.
pub(super) struct Caller(Option<Arc<Mutex<ListEntry>>>);

/// The end of who asked, a future.
pub(super) struct Reply(Option<Arc<Mutex<ListEntry>>>);

/// Returns the two ends of a new channel. The answer wakes `waker`, until the reply is polled with another one.
pub(super) fn channel(waker: &Waker) -> (Caller, Reply) {
    let slot =
        kept(waker).unwrap_or_else(|| Arc::new(Mutex::new(ListEntry { answer: None, waker: Some(waker.clone()) })));
    (Caller(Some(slot.clone())), Reply(Some(slot)))
}

/// A slot that this thread has kept, unless its other end is still about to let go of it.
fn kept(waker: &Waker) -> Option<Arc<Mutex<ListEntry>>> {
    let mut kept = KEPT_SLOTS.try_with(|slots| slots.try_borrow_mut().ok()?.pop()).ok()??;
    let slot = Arc::get_mut(&mut kept)?.get_mut().ok()?;
    slot.waker = Some(waker.clone());
    Some(kept)
}

/// Keeps a slot whose answer was taken.
fn keep(slot: Arc<Mutex<ListEntry>>) {
    let _ = KEPT_SLOTS.try_with(|slots| {
        if let Ok(mut slots) = slots.try_borrow_mut()
            && slots.len() < KEPT
        {
            slots.push(slot);
        }
    });
}

impl Caller {
    /// Answers, and wakes the caller.
    pub(super) fn send(self, answer: Answer) {
        if let Some(waker) = self.put(answer) {
            waker.wake();
        }
    }

    /// Answers. A caller that is about to look for itself need not be woken: that is `awake`.
    #[inline]
    pub(super) fn send_to(self, awake: Option<&Reply>, answer: Answer) {
        let looks = awake.is_some_and(|reply| self.is_of(reply));
        let waker = self.put(answer);
        if let Some(waker) = waker.filter(|_| !looks) {
            waker.wake();
        }
    }

    /// True when nobody waits for the answer.
    pub(super) fn left(&self) -> bool {
        self.0.as_ref().is_none_or(|slot| Arc::strong_count(slot) == 1)
    }

    fn is_of(&self, reply: &Reply) -> bool {
        matches!((&self.0, &reply.0), (Some(caller), Some(reply)) if Arc::ptr_eq(caller, reply))
    }

    fn put(mut self, answer: Answer) -> Option<Waker> {
        let slot = self.0.take()?;
        let mut slot = lock(&slot);
        slot.answer = Some(answer.map_err(Box::new));
        slot.waker.take()
    }
}

impl Drop for Caller {
    /// Every caller is answered.
    fn drop(&mut self) {
        if self.left() {
            return;
        }
        if let Some(slot) = self.0.take() {
            let lost = Failure::Lost { answered: 0, source: Arc::new(io::ErrorKind::ConnectionAborted.into()) };
            Caller(Some(slot)).send(Err(lost));
        }
    }
}

impl Reply {
    /// The answer, if it is there; `cx` is woken when it comes.
    #[inline]
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Answer> {
        let Some(slot) = &self.0 else { return Poll::Pending };
        let mut held = lock(slot);
        let Some(answer) = held.answer.take() else {
            if !held.waker.as_ref().is_some_and(|waker| waker.will_wake(cx.waker())) {
                held.waker = Some(cx.waker().clone());
            }
            return Poll::Pending;
        };
        drop(held);
        if let Some(slot) = self.0.take() {
            keep(slot);
        }
        Poll::Ready(answer.map_err(|failure| *failure))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        sync::atomic::{AtomicUsize, Ordering},
        task::Wake,
    };

    #[derive(Default)]
    struct Bell(AtomicUsize);

    impl Wake for Bell {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn some(replies: &'static str) -> Answer {
        Ok(Replies { bytes: Bytes::from(replies), epoch: 1 })
    }

    fn rung(bell: &Arc<Bell>) -> usize {
        bell.0.swap(0, Ordering::Relaxed)
    }

    fn poll(reply: &mut Reply, bell: &Arc<Bell>) -> Poll<Answer> {
        reply.poll(&mut Context::from_waker(&bell.clone().into()))
    }

    #[test]
    fn an_answer_wakes_who_asked_last() {
        let (first, last) = (Arc::<Bell>::default(), Arc::<Bell>::default());
        let (caller, mut reply) = channel(&first.clone().into());
        caller.send(some("a"));
        assert_eq!((rung(&first), rung(&last)), (1, 0));
        assert!(matches!(poll(&mut reply, &first), Poll::Ready(Ok(replies)) if replies.bytes == "a"));

        let (caller, mut reply) = channel(&first.clone().into());
        assert!(poll(&mut reply, &last).is_pending());
        caller.send(some("b"));
        assert_eq!((rung(&first), rung(&last)), (0, 1));
        assert!(matches!(poll(&mut reply, &last), Poll::Ready(Ok(replies)) if replies.bytes == "b"));
    }

    #[test]
    fn only_who_looks_anyway_is_not_woken() {
        let bell = Arc::<Bell>::default();
        let (mine, mut reply) = channel(&bell.clone().into());
        // Of the same task, and perhaps polled before it.
        let (other, _reply) = channel(&bell.clone().into());
        mine.send_to(Some(&reply), some(""));
        assert_eq!(rung(&bell), 0);
        other.send_to(Some(&reply), some(""));
        assert_eq!(rung(&bell), 1);
        assert!(poll(&mut reply, &bell).is_ready());
    }

    #[test]
    fn a_caller_that_nobody_answered_is_told_so() {
        let bell = Arc::<Bell>::default();
        let (caller, mut reply) = channel(&bell.clone().into());
        drop(caller);
        assert_eq!(rung(&bell), 1);
        assert!(matches!(poll(&mut reply, &bell), Poll::Ready(Err(Failure::Lost { answered: 0, .. }))));
    }

    #[test]
    fn a_slot_is_used_again_and_an_answer_never_twice() {
        let waker = Waker::noop();
        let (caller, mut reply) = channel(waker);
        let address = reply.0.as_ref().map(Arc::as_ptr);
        caller.send(some("a"));
        assert!(reply.poll(&mut Context::from_waker(waker)).is_ready());
        assert!(reply.poll(&mut Context::from_waker(waker)).is_pending());
        let (caller, mut reply) = channel(waker);
        assert_eq!(reply.0.as_ref().map(Arc::as_ptr), address);
        assert!(reply.poll(&mut Context::from_waker(waker)).is_pending());
        // One that its caller left is not: the answer to it may still come.
        assert!(!caller.left());
        drop(reply);
        assert!(caller.left());
        let (_other, mut reply) = channel(waker);
        assert_ne!(reply.0.as_ref().map(Arc::as_ptr), address);
        caller.send(some("b"));
        assert!(reply.poll(&mut Context::from_waker(waker)).is_pending());
    }
}
