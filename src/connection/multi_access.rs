//! The right to begin transactions, as the server gives it to the user of one node. A transaction is one write, so where MULTI
//! is refused the commands behind it would run one by one; therefore none is sent while that is so.

use crate::{
    connection::{
        alarm,
        config::Settings,
        push::PushSink,
        request::MULTI,
        sentinel::Sentinels,
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
    time::{Duration, Instant},
};
use tokio::{runtime::Handle, sync::watch, task::JoinHandle};

/// The shortest time between two connections that are made only to ask.
const ASK_INTERVAL: Duration = Duration::from_secs(1);

/// The server's latest answer to MULTI, and the ways to get a newer one. All connections of a node share it: each asks in its
/// handshake, a transaction may find out by itself, and while it is refused a transaction that comes asks on a connection of
/// its own.
pub(crate) struct MultiAccess {
    settings: Arc<Settings>,
    /// The Sentinels that name the server, unless its address is that of the settings.
    sentinels: Option<Arc<Sentinels>>,
    /// The latest answer is a refusal. Loaded without the lock, for each transaction.
    refused: AtomicBool,
    latest: Mutex<Latest>,
    asking: Mutex<Asking>,
}

struct Latest {
    answer: MultiAnswer,
    /// The number of questions so far, and that of the one behind `answer`. The answer to an older one comes too late.
    asked: u64,
    answered: u64,
}

#[derive(Default)]
struct Asking {
    /// The question that was asked last.
    last: Option<Question>,
    /// The runtime of the supervisor, which is to ask; `None` if it was shut down.
    supervisor_runtime: Option<Handle>,
    closed: bool,
}

/// A question on a connection of its own.
struct Question {
    began: Instant,
    /// Closed when the task has ended.
    ended: watch::Receiver<()>,
    task: JoinHandle<()>,
}

impl Question {
    fn is_recent(&self) -> bool {
        self.began.elapsed() < ASK_INTERVAL
    }

    /// Returns whether it has an answer, or will have none: connecting takes no longer than its `timeout`, unless the runtime of
    /// the task stands still.
    fn is_over(&self, timeout: Duration) -> bool {
        self.ended.has_changed().is_err() || self.began.elapsed() > timeout
    }
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
            sentinels: Sentinels::of(&settings),
            settings,
            refused: AtomicBool::new(false),
            latest: Mutex::new(Latest { answer: MultiAnswer::Allowed, asked: 0, answered: 0 }),
            asking: Mutex::default(),
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
        let needs_mode = to_be == Use::First && self.settings.refuses_cluster();
        let Connected { stream, session, multi } = match &self.sentinels {
            None => transport::connect(&self.settings, PushSink::Discard, probe, needs_mode).await?,
            // A loss of the shared connection may be the sign of a failover.
            Some(sentinels) => sentinels.connect(to_be != Use::Dedicated, probe).await?,
        };
        if asks {
            self.note(number, multi);
        }
        Ok((stream, session))
    }

    /// The Sentinels that name the server, if it is found by them.
    pub(crate) fn sentinels(&self) -> Option<&Arc<Sentinels>> {
        self.sentinels.as_ref()
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
            MultiAnswer::Refused { error, .. } => Err(Error::Server { at: MULTI, error: error.proving_not_run() }),
            MultiAnswer::Allowed => Ok(()),
        }
    }

    /// Notes that the server has refused the MULTI of a transaction.
    #[cold]
    pub(crate) fn refuse(&self, error: &ServerError) {
        self.note(self.ask(), MultiAnswer::Refused { error: error.clone(), closes: false });
    }

    /// Fails while MULTI is refused, after asking once more on a connection of its own, at most once in [`ASK_INTERVAL`].
    /// Callers that come while that is done wait for the answer.
    pub(crate) async fn check_again(self: &Arc<Self>) -> Result<()> {
        if self.is_refused() {
            if let Some(mut asking) = self.asking() {
                // The task that asks ends by itself, unless its runtime stands still.
                let latest = Instant::now().checked_add(self.settings.connect_timeout);
                let _ = alarm::before(latest, asking.changed()).await;
            }
        }
        self.check()
    }

    /// Returns a channel that is closed when the task that asks has ended. Spawns the task if there is none and the last one
    /// was spawned long enough ago.
    fn asking(self: &Arc<Self>) -> Option<watch::Receiver<()>> {
        let mut earlier = None;
        let mut asking = lock(&self.asking);
        let is_over = |question: &Question| question.is_over(self.settings.connect_timeout);
        let is_asked = asking.last.as_ref().is_some_and(|question| !is_over(question) || question.is_recent());
        if !is_asked && !asking.closed {
            // That of the caller may not be driven any more once the caller has left.
            let runtime = asking.supervisor_runtime.clone().or_else(|| Handle::try_current().ok())?;
            let (running, ended) = watch::channel(());
            let access = self.clone();
            // A task, since a caller may be dropped meanwhile, or not be polled any more.
            let task = runtime.spawn(async move {
                let _running = running;
                // An error is met by the shared connection too, which reconnects; the refusal still holds then.
                let _ = access.connect(Use::Shared).await;
            });
            earlier = asking.last.replace(Question { began: Instant::now(), ended, task });
        }
        let ended = asking.last.as_ref().filter(|question| !is_over(question)).map(|question| question.ended.clone());
        drop(asking);
        // Without the lock, since its end wakes callers, which may ask at once.
        earlier.inspect(|question| question.task.abort());
        ended
    }

    /// Sets the runtime of the supervisor, which is `None` once that was shut down.
    pub(crate) fn set_supervisor_runtime(&self, runtime: Option<Handle>) {
        lock(&self.asking).supervisor_runtime = runtime;
    }

    /// Asks no more, and waits for the end of the task that does.
    pub(crate) async fn close(&self) {
        if let Some(task) = self.stop() {
            // An error means that the task was aborted.
            let _ = task.await;
        }
    }

    /// Asks no more. Returns the task that does, which is about to end.
    pub(crate) fn stop(&self) -> Option<JoinHandle<()>> {
        let last = {
            let mut asking = lock(&self.asking);
            asking.closed = true;
            asking.last.take()
        };
        let task = last?.task;
        task.abort();
        Some(task)
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
