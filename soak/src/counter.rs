//! The counters: acknowledged increments <= value <= acknowledged + unknown.

use std::sync::atomic::{AtomicU64, Ordering};

use typedis::{Client, Result, Script, hlist_pat, pipeline, prelude::*};
use typedis_testing::Raw;

use crate::claim::Claim;

/// As many as there are, so that they are not the same key all the time.
const COUNTERS: usize = 4;

/// What was told of each counter.
#[derive(Debug)]
pub struct Counters {
    told: [Told; COUNTERS],
    bump: Script<i64>,
}

#[derive(Debug, Default)]
struct Told {
    acknowledged: AtomicU64,
    unknown: AtomicU64,
}

/// The ways to count.
#[derive(Clone, Copy, Debug)]
pub enum Way {
    /// One command.
    Single,
    /// Two in a transaction.
    Transaction,
    /// Two without one.
    Plain,
    /// One by a script.
    Script,
    /// Two by `pipeline!`.
    Macro,
}

impl Default for Counters {
    fn default() -> Self {
        let bump = Script::new("return redis.call('INCRBY', KEYS[1], ARGV[1])");
        Counters { told: Default::default(), bump }
    }
}

impl Way {
    /// All ways.
    pub const ALL: [Way; 5] = [Way::Single, Way::Transaction, Way::Plain, Way::Script, Way::Macro];

    /// Its name in the tally.
    pub fn name(self) -> &'static str {
        match self {
            Way::Single => "count, one command",
            Way::Transaction => "count, transaction",
            Way::Plain => "count, without MULTI",
            Way::Script => "count, script",
            Way::Macro => "count, pipeline!",
        }
    }

    fn increments(self) -> u64 {
        match self {
            Way::Single | Way::Script => 1,
            Way::Transaction | Way::Plain | Way::Macro => 2,
        }
    }
}

impl Counters {
    /// Chooses a counter.
    pub fn choose(random: &mut fastrand::Rng) -> usize {
        random.usize(..COUNTERS)
    }

    /// Counts.
    pub async fn count(&self, client: &Client, way: Way, counter: usize) -> Result<()> {
        let key = &key(counter);
        match way {
            Way::Single => client.incr(key).await.map(drop),
            Way::Script => client.script(&self.bump, key, 1).await.map(drop),
            Way::Transaction => {
                let hlist_pat![one, two] = client.pipeline().incr(key).incr(key).execute().await?;
                assert_eq!(one + 1, two, "another client's command came between");
                Ok(())
            }
            Way::Plain => client.pipeline().without_transaction().incr(key).incr(key).execute().await.map(drop),
            Way::Macro => pipeline! { client => incr(key); incr(key) }.map(drop),
        }
    }

    /// Notes what was told.
    pub fn note(&self, way: Way, counter: usize, claim: Claim) {
        let told = &self.told[counter];
        match claim {
            Claim::Ran => told.acknowledged.fetch_add(way.increments(), Ordering::Relaxed),
            Claim::Unknown => told.unknown.fetch_add(way.increments(), Ordering::Relaxed),
            Claim::DidNot => 0,
        };
    }

    /// Compares the server's data with what was told; returns a line of figures, and all that is wrong.
    pub async fn audit(&self, raw: &mut Raw) -> (String, Vec<String>) {
        let (mut figures, mut wrong) = (Vec::new(), Vec::new());
        for (counter, told) in self.told.iter().enumerate() {
            let reply = raw.command(["INCRBY", &key(counter), "0"]).await;
            let value = u64::try_from(reply.integer()).unwrap_or_default();
            let acknowledged = told.acknowledged.load(Ordering::Relaxed);
            let most = acknowledged + told.unknown.load(Ordering::Relaxed);
            figures.push(format!("{acknowledged} <= {value} <= {most}"));
            if !(acknowledged..=most).contains(&value) {
                wrong.push(format!("{} is {value}, which is not within {acknowledged}..={most}", key(counter)));
            }
        }
        (figures.join(", "), wrong)
    }
}

fn key(counter: usize) -> String {
    format!("counter:{counter}")
}
