//! The counters: acknowledged increments <= value <= acknowledged + unknown. What a primary acknowledges that fails over
//! counts as unknown here, since the servers may lose it.
//!
//! Futures that are dropped make that range wide, so most increments also mark their ID in a hash beside the counter: the
//! marks tell of each increment whether it ran, and how often.

use crate::{
    audit::Audit,
    effect::Effect,
    history::{History, pairs},
};
use std::sync::atomic::{AtomicU64, Ordering};
use typedis::{ClientOn, Result, Script, hlist_pat, pipeline, prelude::*, topology::Topology};
use typedis_testing::Raw;

/// Several, so that the tasks do not all contend for one key.
const COUNTERS: usize = 4;

/// The increments of each counter.
#[derive(Debug)]
pub struct Counters {
    increments: [Increments; COUNTERS],
    script: Script<i64>,
}

/// The increments of one counter by their effect.
#[derive(Debug, Default)]
struct Increments {
    acknowledged: AtomicU64,
    unknown: AtomicU64,
}

/// The forms of an increment in typedis.
#[derive(Clone, Copy, Debug)]
pub enum CountForm {
    /// One command, without a mark.
    Single,
    /// The mark alone, by one command.
    Mark,
    /// Two increments and the mark in a transaction.
    Transaction,
    /// The mark and one increment without a transaction, which a cluster sends to two nodes.
    NonAtomic,
    /// One and the mark by a script.
    Script,
    /// Two and the mark by `pipeline!`.
    Macro,
}

impl Default for Counters {
    fn default() -> Self {
        let script = "redis.call('HINCRBY', KEYS[2], ARGV[1], 1) return redis.call('INCR', KEYS[1])";
        Counters { increments: Default::default(), script: Script::new(script) }
    }
}

impl CountForm {
    /// All forms.
    pub const ALL: [CountForm; 6] = [
        CountForm::Single,
        CountForm::Mark,
        CountForm::Transaction,
        CountForm::NonAtomic,
        CountForm::Script,
        CountForm::Macro,
    ];

    /// Its name in the tally.
    pub fn name(self) -> &'static str {
        match self {
            CountForm::Single => "count, one command",
            CountForm::Mark => "mark, one command",
            CountForm::Transaction => "count, transaction",
            CountForm::NonAtomic => "count, without MULTI",
            CountForm::Script => "count, script",
            CountForm::Macro => "count, pipeline!",
        }
    }

    fn increments(self) -> u64 {
        match self {
            CountForm::Mark => 0,
            CountForm::Single | CountForm::Script | CountForm::NonAtomic => 1,
            CountForm::Transaction | CountForm::Macro => 2,
        }
    }

    /// Returns whether the form marks its ID.
    pub fn marks(self) -> bool {
        !matches!(self, CountForm::Single)
    }

    /// The counters whose servers the form writes to: the one of the increment, and that beside which the mark is.
    pub fn places(self, counter: usize) -> [usize; 2] {
        match self {
            CountForm::NonAtomic => [counter, (counter + 1) % COUNTERS],
            _ => [counter; 2],
        }
    }
}

impl Counters {
    /// The keys of all counters.
    pub fn keys() -> impl Iterator<Item = String> {
        (0..COUNTERS).map(key)
    }

    /// Chooses a counter.
    pub fn choose(random: &mut fastrand::Rng) -> usize {
        random.usize(..COUNTERS)
    }

    /// Increments a counter, and marks the ID.
    pub async fn count<T: Topology>(
        &self,
        client: &ClientOn<T>,
        form: CountForm,
        counter: usize,
        id: &str,
    ) -> Result<()> {
        let [counter, mark] = form.places(counter);
        let (key, marks) = (&key(counter), &marks(mark));
        match form {
            CountForm::Single => client.incr(key).await.map(drop),
            CountForm::Mark => client.hincrby(marks, id, 1).await.map(drop),
            CountForm::Script => client.script(&self.script, (key, marks), id).await.map(drop),
            CountForm::Transaction => {
                let queue = client.pipeline().incr(key).hincrby(marks, id, 1).incr(key);
                let hlist_pat![one, _, two] = queue.execute().await?;
                assert_eq!(one + 1, two, "another client's command ran between them");
                Ok(())
            }
            CountForm::NonAtomic => {
                let pipeline = client.pipeline().without_transaction().hincrby(marks, id, 1).incr(key);
                pipeline.execute().await.map(drop)
            }
            CountForm::Macro => pipeline! { client => incr(key); hincrby(marks, id, 1); incr(key) }.map(drop),
        }
    }

    /// Records the effect of an increment.
    pub fn record(&self, form: CountForm, counter: usize, effect: Effect) {
        let increments = &self.increments[counter];
        match effect {
            Effect::Applied => increments.acknowledged.fetch_add(form.increments(), Ordering::Relaxed),
            Effect::Unknown | Effect::Unreplicated => {
                increments.unknown.fetch_add(form.increments(), Ordering::Relaxed)
            }
            Effect::NotApplied => 0,
        };
    }

    /// Compares the servers' data with the recorded effects, and with the history of the marks; `raw` gives a connection to
    /// the server of a key.
    pub async fn audit(&self, history: &History, raw: impl AsyncFn(&str) -> Raw) -> Audit {
        let (mut figures, mut ran) = (Vec::new(), Vec::new());
        let mut violations = Vec::new();
        for (counter, increments) in self.increments.iter().enumerate() {
            let mut raw = raw(&key(counter)).await;
            let reply = raw.command(["INCRBY", &key(counter), "0"]).await;
            let value = u64::try_from(reply.integer()).unwrap_or_default();
            let acknowledged = increments.acknowledged.load(Ordering::Relaxed);
            let maximum = acknowledged + increments.unknown.load(Ordering::Relaxed);
            figures.push(format!("{acknowledged} <= {value} <= {maximum}"));
            if !(acknowledged..=maximum).contains(&value) {
                violations.push(format!("{} is {value}, which is not within {acknowledged}..={maximum}", key(counter)));
            }
            ran.extend(pairs(&raw.command(["HGETALL", &marks(counter)]).await));
        }
        figures.push(history.audit("mark", ran.into_iter(), &mut violations));
        Audit { figures: figures.join(", "), violations }
    }
}

/// The key of a counter.
pub fn key(counter: usize) -> String {
    format!("counter:{counter}")
}

/// The key of the marks beside a counter, which are of its slot.
fn marks(counter: usize) -> String {
    format!("{{{}}}:marks", key(counter))
}
