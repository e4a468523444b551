//! Leaving a server that Sentinels no longer name as the primary. It may take writes for seconds, which are lost then, or be frozen
//! and never answer.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{sync::watch, time::sleep};

/// The reason why a connection is left.
pub(in crate::connection) const SWITCHED: &str = "the Sentinels have made another server the primary";
/// The time that replies have which are on their way when another server becomes the primary.
pub(super) const GRACE: Duration = Duration::from_secs(1);

/// The switch to another primary, as a connection that stays open waits for it.
pub(in crate::connection) struct Departure {
    /// The number of the primary that the connection leads to.
    number: u64,
    /// The number of the present one.
    switches: watch::Receiver<u64>,
    /// Ends when the time for replies on their way is over. `None` once it has.
    overdue: Option<Pin<Box<dyn Future<Output = ()> + Send + Sync>>>,
}

impl Departure {
    pub(super) fn new(number: u64, switches: watch::Receiver<u64>) -> Self {
        let mut switch = switches.clone();
        let overdue = Box::pin(async move {
            // An error means that the client is gone, and the connection with it.
            let _ = switch.wait_for(|present| *present > number).await;
            sleep(GRACE).await;
        });
        Departure { number, switches, overdue: Some(overdue) }
    }

    /// Returns whether there is another primary, so that nothing more may be sent on the connection.
    pub(in crate::connection) fn is_due(&self) -> bool {
        *self.switches.borrow() > self.number
    }

    /// Ready when the connection must be left, whatever it waits for.
    pub(in crate::connection) fn poll_overdue(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if let Some(overdue) = &mut self.overdue {
            ready!(overdue.as_mut().poll(cx));
            self.overdue = None;
        }
        Poll::Ready(())
    }
}
