//! A task that transfers and counts until the run stops.

use crate::{
    bank::{Bank, Refused, TransferForm},
    cancellation::{CancelResult, maybe_cancel},
    counter::{CountForm, Counters, key},
    effect::Effect,
    history::TaskHistory,
    state::SharedState,
};
use fastrand::Rng;
use std::time::Duration;
use tokio::time::{sleep, timeout};
use typedis::{ClientOn, Error, topology::Topology};

/// The most that an operation may take under any fault: several times the sum of an attempt's timeouts.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(30);

/// The end of one operation.
struct Operation {
    effect: Effect,
    /// True where the server or the connection failed, so that the task pauses before the next operation.
    failed: bool,
}

/// What a task has done.
#[derive(Debug)]
pub struct Done {
    /// Its transfers.
    pub transfers: TaskHistory,
    /// Its marks.
    pub marks: TaskHistory,
}

/// Transfers and counts until the run stops.
pub async fn work<T: Topology>(
    name: String,
    client: ClientOn<T>,
    bank: Bank,
    state: &SharedState,
    mut random: Rng,
) -> Done {
    let (mut transfers, mut marks) = (TaskHistory::new(name.clone()), TaskHistory::new(name));
    while !state.is_stopped() {
        let operation = if random.bool() {
            let operation = transfer(transfers.next_id(), &client, bank, state, &mut random).await;
            transfers.effects.push(operation.effect);
            operation
        } else {
            count(&client, state, &mut marks, &mut random).await
        };
        if operation.failed {
            sleep(Duration::from_millis(random.u64(1..20))).await;
        }
    }
    Done { transfers, marks }
}

async fn transfer<T: Topology>(
    id: String,
    client: &ClientOn<T>,
    bank: Bank,
    state: &SharedState,
    random: &mut Rng,
) -> Operation {
    let form = *random.choice(&TransferForm::ALL).expect("some forms");
    let transfer = bank.choose(random, state.accounts, id);
    let operation = maybe_cancel(random, state.cancel_probability, transfer.make(client, form));
    let Ok(result) = timeout(OPERATION_TIMEOUT, operation).await else {
        state.report(format!("{} did not end in {OPERATION_TIMEOUT:?}", form.name()));
        return Operation { effect: Effect::Unknown, failed: true };
    };
    match &result {
        CancelResult::Completed(Ok(())) => state.record(form.name(), "ok"),
        CancelResult::Completed(Err(Refused::InsufficientFunds)) => state.record(form.name(), "insufficient funds"),
        CancelResult::Completed(Err(Refused::Conflict)) => state.record(form.name(), "Conflict"),
        CancelResult::Completed(Err(Refused::Missing(key))) => state.report(format!("{}: {key} is gone", form.name())),
        CancelResult::Completed(Err(Refused::Redis(error))) => state.record_error(form.name(), error),
        CancelResult::NeverPolled | CancelResult::Cancelled => state.record(form.name(), "cancelled"),
    }
    let effect = effect_of(result.as_ref().map(|result| match result {
        Ok(()) => state.acknowledged(&transfer.ledger),
        Err(refused) => refused.effect(),
    }));
    Operation { effect, failed: matches!(result, CancelResult::Completed(Err(Refused::Redis(_)))) }
}

async fn count<T: Topology>(
    client: &ClientOn<T>,
    state: &SharedState,
    history: &mut TaskHistory,
    random: &mut Rng,
) -> Operation {
    let form = *random.choice(&CountForm::ALL).expect("some forms");
    let counter = Counters::choose(random);
    let id = history.next_id();
    let operation = maybe_cancel(random, state.cancel_probability, state.counters.count(client, form, counter, &id));
    let mut record = |[increment, mark]: [Effect; 2]| {
        state.counters.record(form, counter, increment);
        if form.marks() {
            history.effects.push(mark);
        }
    };
    let Ok(result) = timeout(OPERATION_TIMEOUT, operation).await else {
        state.report(format!("{} did not end in {OPERATION_TIMEOUT:?}", form.name()));
        record([Effect::Unknown; 2]);
        return Operation { effect: Effect::Unknown, failed: true };
    };
    match &result {
        CancelResult::Completed(Ok(())) => state.record(form.name(), "ok"),
        CancelResult::Completed(Err(error)) => state.record_error(form.name(), error),
        CancelResult::NeverPolled | CancelResult::Cancelled => state.record(form.name(), "cancelled"),
    }
    let effects = form.places(counter).map(|place| {
        effect_of(result.as_ref().map(|result| match result {
            Ok(()) => state.acknowledged(&key(place)),
            Err(error) => effect_of_count(form, error),
        }))
    });
    record(effects);
    Operation { effect: effects[0], failed: matches!(result, CancelResult::Completed(Err(_))) }
}

/// Without MULTI, the server may have refused one command and run the other.
fn effect_of_count(form: CountForm, error: &Error) -> Effect {
    match (form, error) {
        (CountForm::NonAtomic, Error::Server { .. }) => Effect::Unknown,
        _ => Effect::of_error(error),
    }
}

fn effect_of(result: CancelResult<Effect>) -> Effect {
    match result {
        CancelResult::Completed(effect) => effect,
        CancelResult::NeverPolled => Effect::NotApplied,
        CancelResult::Cancelled => Effect::Unknown,
    }
}
