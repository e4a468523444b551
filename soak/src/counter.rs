//! The counters: acknowledged increments <= value <= acknowledged + unknown. What a primary acknowledges that fails over
//! counts as unknown here, since the servers may lose it.

use crate::{audit::Audit, effect::Effect};
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
    /// One command.
    Single,
    /// Two commands in a transaction.
    Transaction,
    /// Two commands without a transaction.
    NonAtomic,
    /// One by a script.
    Script,
    /// Two by `pipeline!`.
    Macro,
}

impl Default for Counters {
    fn default() -> Self {
        let script = Script::new("return redis.call('INCRBY', KEYS[1], ARGV[1])");
        Counters { increments: Default::default(), script }
    }
}

impl CountForm {
    /// All forms.
    pub const ALL: [CountForm; 5] =
        [CountForm::Single, CountForm::Transaction, CountForm::NonAtomic, CountForm::Script, CountForm::Macro];

    /// Its name in the tally.
    pub fn name(self) -> &'static str {
        match self {
            CountForm::Single => "count, one command",
            CountForm::Transaction => "count, transaction",
            CountForm::NonAtomic => "count, without MULTI",
            CountForm::Script => "count, script",
            CountForm::Macro => "count, pipeline!",
        }
    }

    fn increments(self) -> u64 {
        match self {
            CountForm::Single | CountForm::Script => 1,
            CountForm::Transaction | CountForm::NonAtomic | CountForm::Macro => 2,
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

    /// Increments a counter.
    pub async fn count<T: Topology>(&self, client: &ClientOn<T>, form: CountForm, counter: usize) -> Result<()> {
        let key = &key(counter);
        match form {
            CountForm::Single => client.incr(key).await.map(drop),
            CountForm::Script => client.script(&self.script, key, 1).await.map(drop),
            CountForm::Transaction => {
                let hlist_pat![one, two] = client.pipeline().incr(key).incr(key).execute().await?;
                assert_eq!(one + 1, two, "another client's command ran between them");
                Ok(())
            }
            CountForm::NonAtomic => {
                client.pipeline().without_transaction().incr(key).incr(key).execute().await.map(drop)
            }
            CountForm::Macro => pipeline! { client => incr(key); incr(key) }.map(drop),
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

    /// Compares the servers' data with the recorded effects; `raw` gives a connection to the server of a key.
    pub async fn audit(&self, raw: impl AsyncFn(&str) -> Raw) -> Audit {
        let mut figures = Vec::new();
        let mut violations = Vec::new();
        for (counter, increments) in self.increments.iter().enumerate() {
            let reply = raw(&key(counter)).await.command(["INCRBY", &key(counter), "0"]).await;
            let value = u64::try_from(reply.integer()).unwrap_or_default();
            let acknowledged = increments.acknowledged.load(Ordering::Relaxed);
            let maximum = acknowledged + increments.unknown.load(Ordering::Relaxed);
            figures.push(format!("{acknowledged} <= {value} <= {maximum}"));
            if !(acknowledged..=maximum).contains(&value) {
                violations.push(format!("{} is {value}, which is not within {acknowledged}..={maximum}", key(counter)));
            }
        }
        Audit { figures: figures.join(", "), violations }
    }
}

/// The key of a counter.
pub fn key(counter: usize) -> String {
    format!("counter:{counter}")
}
