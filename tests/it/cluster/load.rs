//! A load of counters and transactions on all nodes of a cluster, whose books show what was lost, doubled or split.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::task::JoinSet;
use typedis::{ClusterClient, Error, Result, hlist_pat, pipeline, prelude::*};

/// The number of tasks, each of which has its own keys in a slot of its own.
const TASKS: usize = 16;
/// The keys of a task: a counter, and two that are only ever written together.
const KEYS: [&str; 3] = ["count", "left", "right"];

/// Tasks that write and read until they are stopped.
pub struct Load {
    client: ClusterClient,
    stopped: Arc<AtomicBool>,
    tasks: JoinSet<Books>,
    pub progress: Progress,
}

/// What the tasks have done up to now.
#[derive(Clone, Default)]
pub struct Progress(Arc<Mutex<Vec<(u64, Instant)>>>);

/// What one task knows of its keys.
#[derive(Debug, Default)]
pub struct Books {
    tag: String,
    /// Acknowledged increments of the counter, and of both keys of a pair; and those whose outcome is not known.
    counted: u64,
    paired: u64,
    unknown: u64,
    /// The longest time from the first try of a step until it was acknowledged.
    pub longest: Duration,
    pub errors: Vec<Error>,
}

impl Load {
    /// Starts the tasks on keys with these tags, or tags in slots of all nodes.
    pub fn start(client: &ClusterClient, tags: &[String]) -> Load {
        let (stopped, progress) = (Arc::<AtomicBool>::default(), Progress::default());
        let mut tasks = JoinSet::new();
        for number in 0..TASKS {
            let tag = tags.get(number).cloned().unwrap_or_else(|| format!("task:{number}"));
            progress.0.lock().unwrap().push((0, Instant::now()));
            tasks.spawn(work(client.clone(), number, tag, stopped.clone(), progress.clone()));
        }
        Load { client: client.clone(), stopped, tasks, progress }
    }

    /// Waits until each task has made so many more rounds, and at most half a minute.
    pub async fn goes_on(&self, rounds: u64) {
        let counts = || self.progress.0.lock().unwrap().iter().map(|(count, _)| *count).collect::<Vec<_>>();
        let (before, started) = (counts(), Instant::now());
        while counts().iter().zip(&before).any(|(now, before)| now - before < rounds) {
            assert!(started.elapsed() < Duration::from_secs(30), "the load stands still: {before:?}, {:?}", counts());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Stops the tasks, and checks the keys against the books: `lost` acknowledged rounds of each task may be missing. Returns the
    /// books.
    pub async fn stop(mut self, lost: u64) -> Vec<Books> {
        self.stopped.store(true, Ordering::Relaxed);
        let mut all = Vec::new();
        while let Some(books) = self.tasks.join_next().await {
            let books = books.unwrap();
            let [count, left, right] = KEYS.map(|key| format!("{{{}}}:{key}", books.tag));
            let hlist_pat![count, left, right] =
                self.client.pipeline().get::<u64>(count).get::<u64>(left).get::<u64>(right).execute().await.unwrap();
            let (count, left, right) = (count.unwrap_or(0), left.unwrap_or(0), right.unwrap_or(0));
            assert_eq!(left, right, "a transaction was split: {books:?}");
            let within = |stored: u64, known: u64| stored + lost >= known && stored <= known + books.unknown;
            assert!(within(count, books.counted) && within(left, books.paired), "{count} {left} {books:?}");
            all.push(books);
        }
        all
    }

    /// The same, where there was no error, and nothing may be lost.
    pub async fn stop_without_errors(self) {
        for books in self.stop(0).await {
            assert!(books.errors.is_empty(), "{books:?}");
        }
    }
}

async fn work(
    client: ClusterClient,
    number: usize,
    tag: String,
    stopped: Arc<AtomicBool>,
    progress: Progress,
) -> Books {
    let mut books = Books { tag, ..Books::default() };
    let mut round = 0;
    while !stopped.load(Ordering::Relaxed) {
        let started = Instant::now();
        if let Err(error) = books.round(&client, round).await {
            books.unknown += u64::from(error.may_have_run());
            books.errors.push(error);
        }
        books.longest = books.longest.max(started.elapsed());
        round += 1;
        progress.0.lock().unwrap()[number] = (round, Instant::now());
        tokio::task::yield_now().await;
    }
    books
}

impl Books {
    async fn round(&mut self, client: &ClusterClient, round: u64) -> Result<()> {
        let [count, left, right] = KEYS.map(|key| format!("{{{}}}:{key}", self.tag));
        match round % 5 {
            0 => {
                client.incr(&count).await?;
                self.counted += 1;
            }
            1 => {
                let hlist_pat![_, _] = client.pipeline().incr(&left).incr(&right).execute().await?;
                self.paired += 1;
            }
            2 => {
                let (_, _) = pipeline! { client =>
                    watch(&left);
                    let now = get::<u64>(&left).await?.unwrap_or(0);
                    multi();
                    set(&left, now + 1);
                    set(&right, now + 1);
                }?;
                self.paired += 1;
            }
            3 => {
                let others: Vec<String> = (0..TASKS).map(|task| format!("task:{task}")).collect();
                client.mget::<u64>(&*others).await?;
                let pair = client.mget::<u64>([&left, &right]).await?;
                assert_eq!(pair[0], pair[1], "a transaction was seen half done");
            }
            _ => {
                let queue = client.pipeline().without_transaction();
                let hlist_pat![_, _, _] = queue
                    .each(0..TASKS, |p, task| p.get::<u64>(format!("{{task:{task}}}:count")))
                    .get::<u64>(&count)
                    .incr(&count)
                    .execute()
                    .await?;
                self.counted += 1;
            }
        }
        Ok(())
    }
}
