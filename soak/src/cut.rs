//! A transfer whose connection is cut at every byte.

use crate::{
    bank::{BANK, Refused, Transfer, TransferForm},
    deployment::Deployment,
    effect::Effect,
    history::TaskHistory,
    settings::config,
    state::SharedState,
};
use typedis::{Client, Protocol};
use typedis_testing::Proxy;

/// More bytes than a transfer has together with the handshake of its connection.
const MAX_BYTES: usize = 5_000;

/// The direction of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To the server.
    Request,
    /// From the server.
    Reply,
}

/// Repeats a transfer between two accounts that no worker uses, each time with the connection cut one byte later, until
/// a whole transfer succeeds without a cut. Returns the transfers.
pub async fn cut_at_every_byte(
    deployment: &Deployment,
    state: &SharedState,
    name: String,
    form: TransferForm,
    direction: Direction,
) -> TaskHistory {
    let proxy = Proxy::without_record(deployment.primary.addr()).await;
    let mut history = TaskHistory::new(name);
    let client = match Client::open(config(&proxy.url(), Protocol::Resp3, 1)).await {
        Ok(client) => client,
        Err(error) => {
            state.report(format!("no client for {}: {error}", history.task));
            return history;
        }
    };
    let mut bytes = 0;
    let mut payer = 0;
    while bytes < MAX_BYTES {
        match direction {
            Direction::Request => proxy.cut_request_after(bytes),
            Direction::Reply => proxy.cut_reply_after(bytes),
        }
        let transfer = between(state.accounts, payer, history.next_id());
        let result = transfer.make(&client, form).await;
        let uncut = proxy.cancel_cut();
        history.effects.push(result.as_ref().map_or_else(Refused::effect, |()| Effect::Applied));
        if let Err(Refused::InsufficientFunds) = result {
            payer = 1 - payer;
            continue;
        }
        record(state, &result);
        if uncut && result.is_ok() {
            return history;
        }
        bytes += 1;
    }
    state.report(format!("{}: no transfer succeeded without a cut after {MAX_BYTES} bytes", history.task));
    history
}

fn between(first: usize, payer: usize, id: String) -> Transfer {
    let (from, to) = (BANK.account(first + payer), BANK.account(first + 1 - payer));
    Transfer { ledger: BANK.ledger(), id, from, to, amount: 1 }
}

fn record(state: &SharedState, result: &Result<(), Refused>) {
    const NAME: &str = "transfer, cut";
    match result {
        Ok(()) => state.record(NAME, "ok"),
        Err(Refused::Redis(error)) => state.record_error(NAME, error),
        Err(Refused::Conflict) => state.record(NAME, "Conflict"),
        Err(refused) => state.report(format!("{NAME}: {refused:?}")),
    }
}
