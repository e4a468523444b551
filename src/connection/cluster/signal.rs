//! The signal for a refresh of the map: any connection and any redirect may ask for one.

use crate::connection::{alarm, config::Address, sync::lock};
use std::{
    mem,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};
use tokio::sync::{Notify, watch};

/// The wish for a newer map, and the number of the refreshes that there were.
#[derive(Default)]
pub(super) struct Signal {
    wanted: Notify,
    /// A refresh was asked for and has not begun.
    pending: AtomicBool,
    /// The nodes that know more than others, as redirects to them say.
    first: Mutex<Vec<Address>>,
    /// The number of refreshes that have ended.
    count: watch::Sender<u64>,
}

impl Signal {
    /// Asks for a refresh.
    pub(super) fn want(&self) {
        if !self.pending.swap(true, Ordering::AcqRel) {
            self.wanted.notify_one();
        }
    }

    /// Has a node asked before others.
    pub(super) fn ask_first(&self, node: Option<&Address>) {
        let Some(node) = node else { return };
        let mut first = lock(&self.first);
        if !first.contains(node) {
            first.push(node.clone());
        }
    }

    /// Waits until a refresh is asked for.
    pub(super) async fn wanted(&self) {
        self.wanted.notified().await;
    }

    /// Begins a refresh, and returns the nodes to ask first.
    pub(super) fn begin(&self) -> Vec<Address> {
        self.pending.store(false, Ordering::Release);
        mem::take(&mut *lock(&self.first))
    }

    /// Tells those that wait that a refresh has ended.
    pub(super) fn end(&self) {
        self.count.send_modify(|count| *count += 1);
    }

    /// Waits for the end of a refresh, at most until then.
    pub(super) async fn refreshed(&self, until: Instant) {
        let mut count = self.count.subscribe();
        let _ = alarm::before(Some(until), count.changed()).await;
    }
}
