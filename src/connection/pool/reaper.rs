//! The reaper: a task that closes the connections of a pool that have been idle for too long, whatever the shared connection
//! is doing.

use super::idle::IdleStack;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::Mutex,
    task::JoinHandle,
    time::{Instant, sleep_until},
};

/// The reaper's task, which ends with the pool.
#[derive(Default)]
pub(super) struct Reaper {
    /// Spawned when the pool is first used. Locked across an await only while the pool is being closed.
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Reaper {
    /// Spawns the task on the current runtime, unless it runs. The runtime that it ran on may have been shut down.
    pub(super) fn ensure_running(&self, idle: &Arc<IdleStack>, timeout: Duration) {
        // If the lock is held, another owner spawns the task, or the pool is being closed.
        let Ok(mut task) = self.task.try_lock() else { return };
        if task.as_ref().is_none_or(JoinHandle::is_finished) {
            *task = Some(tokio::spawn(reap(idle.clone(), timeout)));
        }
    }

    /// Ends the task and waits for its end. May be called, and dropped, any number of times.
    pub(super) async fn stop(&self) {
        let mut task = self.task.lock().await;
        if let Some(running) = &mut *task {
            running.abort();
            // An error means that the task was aborted, or its runtime shut down.
            let _ = running.await;
        }
        *task = None;
    }
}

impl Drop for Reaper {
    fn drop(&mut self) {
        if let Some(running) = self.task.get_mut() {
            running.abort();
        }
    }
}

/// Closes connections as they expire. Returns when none ever will, because the timeout is beyond the clock.
async fn reap(idle: Arc<IdleStack>, timeout: Duration) {
    while let Some(next) = idle.reap(Instant::now(), timeout) {
        sleep_until(next).await;
    }
}
