//! The right to begin transactions, as the server gives it to the user of one node. A transaction is one write, so where MULTI
//! is refused the commands behind it would run one by one; therefore none is sent while that is so.

use crate::{
    connection::{
        config::Settings,
        push::PushSink,
        request::MULTI,
        sync::lock,
        transport::{self, Connected, FramedStream, MultiAnswer, MultiProbe, Session},
    },
    error::{Error, Result, ServerError},
};
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{sync, time::Instant};

/// The shortest time between two connections that are made only to ask.
const ASK_INTERVAL: Duration = Duration::from_secs(1);

/// The server's latest answer to MULTI, and the ways to get a newer one. All connections of a node share it: each asks in its
/// handshake, a transaction may find out by itself, and while it is refused a transaction that comes asks on a connection of
/// its own.
pub(crate) struct MultiAccess {
    settings: Arc<Settings>,
    /// The latest answer is a refusal. Loaded without the lock, for each transaction.
    refused: AtomicBool,
    latest: Mutex<Latest>,
    /// Locked by the transaction that asks; others wait for its answer.
    asking: sync::Mutex<Asking>,
}

struct Latest {
    answer: MultiAnswer,
    /// The number of questions so far, and that of the one behind `answer`. The answer to an older one comes too late.
    asked: u64,
    answered: u64,
}

#[derive(Default)]
struct Asking {
    last: Option<Instant>,
    closed: bool,
}

/// The use of a new connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// The shared one, for the first time.
    First,
    Shared,
    Dedicated,
}

impl MultiAccess {
    pub(crate) fn new(settings: Arc<Settings>) -> Self {
        MultiAccess {
            settings,
            refused: AtomicBool::new(false),
            latest: Mutex::new(Latest { answer: MultiAnswer::Allowed, asked: 0, answered: 0 }),
            asking: sync::Mutex::default(),
        }
    }

    /// Connects and performs the handshake, which asks whether MULTI is allowed. For a dedicated connection it does not ask
    /// where that is known to cost the connection.
    pub(crate) async fn connect(&self, to_be: Use) -> Result<(FramedStream, Session)> {
        let probe = match self.answer() {
            MultiAnswer::Refused { error, closes: true } if to_be == Use::Dedicated => MultiProbe::Skip(error),
            MultiAnswer::Refused { closes: true, .. } => MultiProbe::Ask { may_be_lost: true },
            _ => MultiProbe::Ask { may_be_lost: to_be == Use::First },
        };
        let number = self.ask();
        let asks = matches!(probe, MultiProbe::Ask { .. });
        let Connected { stream, session, multi } = transport::connect(&self.settings, PushSink::Discard, probe).await?;
        if asks {
            self.note(number, multi);
        }
        Ok((stream, session))
    }

    /// Returns whether the latest answer is a refusal.
    #[inline]
    pub(crate) fn is_refused(&self) -> bool {
        self.refused.load(Ordering::Acquire)
    }

    /// Fails if the latest answer is a refusal.
    #[inline]
    pub(crate) fn check(&self) -> Result<()> {
        if self.is_refused() { self.refusal() } else { Ok(()) }
    }

    #[cold]
    fn refusal(&self) -> Result<()> {
        match self.answer() {
            MultiAnswer::Refused { error, .. } => Err(Error::Server { at: MULTI, error }),
            MultiAnswer::Allowed => Ok(()),
        }
    }

    /// Notes that the server has refused the MULTI of a transaction.
    #[cold]
    pub(crate) fn refuse(&self, error: &ServerError) {
        self.note(self.ask(), MultiAnswer::Refused { error: error.clone(), closes: false });
    }

    /// Fails while MULTI is refused, after asking once more on a connection of its own, at most once in [`ASK_INTERVAL`].
    pub(crate) async fn check_again(&self) -> Result<()> {
        if !self.is_refused() {
            return Ok(());
        }
        let mut asking = self.asking.lock().await;
        let is_due = asking.last.is_none_or(|last| last.elapsed() >= ASK_INTERVAL);
        if self.is_refused() && is_due && !asking.closed {
            // Set before it too, since the caller may be dropped meanwhile.
            asking.last = Some(Instant::now());
            // An error is none of this transaction's: the shared connection meets it too, and reconnects.
            let _ = self.connect(Use::Shared).await;
            asking.last = Some(Instant::now());
        }
        self.check()
    }

    /// Waits for a transaction that asks, and lets no other one ask.
    pub(crate) async fn close(&self) {
        self.asking.lock().await.closed = true;
    }

    fn answer(&self) -> MultiAnswer {
        lock(&self.latest).answer.clone()
    }

    /// Returns the number of a new question.
    fn ask(&self) -> u64 {
        let mut latest = lock(&self.latest);
        latest.asked += 1;
        latest.asked
    }

    fn note(&self, number: u64, answer: MultiAnswer) {
        let mut latest = lock(&self.latest);
        if number > latest.answered {
            self.refused.store(answer.refusal().is_some(), Ordering::Release);
            latest.answered = number;
            latest.answer = answer;
        }
    }
}
