//! A task that transfers and counts until it is told to stop.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use fastrand::Rng;
use tokio::time::{sleep, timeout};
use typedis::{Client, Error};

use crate::{
    bank::{Bank, Form, Refused},
    books::Books,
    cancel::{Fate, perhaps},
    claim::{self, Claim},
    counter::{Counters, Way},
};

/// No operation may take longer, whatever happens: all timeouts of an attempt, several times over.
const PATIENCE: Duration = Duration::from_secs(30);

/// What all workers share.
#[derive(Debug)]
pub struct Floor {
    /// Set when they are to stop.
    pub stop: AtomicBool,
    /// How likely a future is dropped on its way.
    pub cancel: f64,
    /// How many accounts they use.
    pub accounts: usize,
    /// What they count.
    pub counters: Counters,
    tally: Mutex<Tally>,
    findings: Mutex<Vec<String>>,
}

/// How often each operation ended how.
pub type Tally = BTreeMap<&'static str, BTreeMap<String, u64>>;

impl Floor {
    /// A floor on which nothing happened yet.
    pub fn new(accounts: usize, cancel: f64) -> Self {
        Floor {
            stop: AtomicBool::new(false),
            cancel,
            accounts,
            counters: Counters::default(),
            tally: Mutex::default(),
            findings: Mutex::default(),
        }
    }

    /// Counts one more of such an end.
    pub fn note(&self, operation: &'static str, end: String) {
        let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        *tally.entry(operation).or_default().entry(end).or_default() += 1;
    }

    /// Notes what must not be.
    pub fn find(&self, what: String) {
        self.findings.lock().unwrap_or_else(PoisonError::into_inner).push(what);
    }

    /// What was counted.
    pub fn tally(&self) -> Tally {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What must not be, and was.
    pub fn findings(&self) -> Vec<String> {
        self.findings.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note_error(&self, operation: &'static str, error: &Error) {
        self.note(operation, claim::name(error));
        if claim::is_a_finding(error) {
            self.find(format!("{operation}: {error}"));
        }
    }
}

/// Works until the floor is stopped, and returns what it was told of its transfers.
pub async fn work(who: String, client: Client, floor: &Floor, mut random: Rng) -> (String, Vec<Claim>) {
    let mut claims = Vec::new();
    while !floor.stop.load(Ordering::Relaxed) {
        let went_well = if random.bool() {
            let (claim, went_well) = transfer(&Books::id(&who, claims.len()), &client, floor, &mut random).await;
            claims.push(claim);
            went_well
        } else {
            count(&client, floor, &mut random).await
        };
        if !went_well {
            sleep(Duration::from_millis(random.u64(1..20))).await;
        }
    }
    (who, claims)
}

async fn transfer(id: &str, client: &Client, floor: &Floor, random: &mut Rng) -> (Claim, bool) {
    let form = *random.choice(&Form::ALL).expect("some forms");
    let transfer = Bank::choose(random, floor.accounts, id.to_owned());
    let Ok(fate) = timeout(PATIENCE, perhaps(random, floor.cancel, transfer.make(client, form))).await else {
        floor.find(format!("{} did not end in {PATIENCE:?}", form.name()));
        return (Claim::Unknown, false);
    };
    let claim = told(fate.as_ref().map(|result| result.as_ref().map(drop).map_err(Refused::claim)));
    match &fate {
        Fate::Ended(Ok(())) => floor.note(form.name(), "ok".into()),
        Fate::Ended(Err(Refused::Poor)) => floor.note(form.name(), "too poor".into()),
        Fate::Ended(Err(Refused::Conflict)) => floor.note(form.name(), "Conflict".into()),
        Fate::Ended(Err(Refused::Missing(key))) => floor.find(format!("{}: {key} is gone", form.name())),
        Fate::Ended(Err(Refused::Redis(error))) => floor.note_error(form.name(), error),
        Fate::Untouched | Fate::Dropped => floor.note(form.name(), "dropped".into()),
    }
    (claim, !matches!(fate, Fate::Ended(Err(Refused::Redis(_)))))
}

async fn count(client: &Client, floor: &Floor, random: &mut Rng) -> bool {
    let way = *random.choice(&Way::ALL).expect("some ways");
    let counter = Counters::choose(random);
    let Ok(fate) = timeout(PATIENCE, perhaps(random, floor.cancel, floor.counters.count(client, way, counter))).await
    else {
        floor.find(format!("{} did not end in {PATIENCE:?}", way.name()));
        floor.counters.note(way, counter, Claim::Unknown);
        return false;
    };
    let claim = told(fate.as_ref().map(|result| result.as_ref().map(drop).map_err(|error| claim_of(way, error))));
    floor.counters.note(way, counter, claim);
    match &fate {
        Fate::Ended(Ok(())) => floor.note(way.name(), "ok".into()),
        Fate::Ended(Err(error)) => floor.note_error(way.name(), error),
        Fate::Untouched | Fate::Dropped => floor.note(way.name(), "dropped".into()),
    }
    !matches!(fate, Fate::Ended(Err(_)))
}

/// Without MULTI, one command may have been refused and the other not.
fn claim_of(way: Way, error: &Error) -> Claim {
    match (way, error) {
        (Way::Plain, Error::Server { .. }) => Claim::Unknown,
        _ => claim::claim(error),
    }
}

fn told(fate: Fate<Result<(), Claim>>) -> Claim {
    match fate {
        Fate::Ended(Ok(())) => Claim::Ran,
        Fate::Ended(Err(claim)) => claim,
        Fate::Untouched => Claim::DidNot,
        Fate::Dropped => Claim::Unknown,
    }
}
