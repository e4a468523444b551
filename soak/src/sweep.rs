//! One transfer cut at every byte.

use typedis::{Client, Protocol};
use typedis_testing::Proxy;

use crate::{
    bank::{Bank, Form, Refused, Transfer},
    books::Books,
    claim::{self, Claim},
    fault::Direction,
    worker::Floor,
    world::World,
};

/// More than a transfer with the greeting of its connection has.
const MOST: usize = 5_000;

/// Makes a transfer between the two accounts behind those of the workers again and again, the connection cut one byte
/// later each time, until a whole transfer went through uncut. Returns what was told.
pub async fn sweep(
    world: &World,
    floor: &Floor,
    who: String,
    form: Form,
    direction: Direction,
) -> (String, Vec<Claim>) {
    let proxy = Proxy::forgetful(world.primary.addr()).await;
    let mut claims = Vec::new();
    let client = match Client::open(world.config(&proxy, Protocol::Resp3, 1)).await {
        Ok(client) => client,
        Err(error) => {
            floor.find(format!("no client for a sweep: {error}"));
            return (who, claims);
        }
    };
    let (mut bytes, mut payer) = (0, 0);
    while bytes < MOST {
        match direction {
            Direction::Request => proxy.cut_request_after(bytes),
            Direction::Reply => proxy.cut_reply_after(bytes),
        }
        let transfer = between(floor.accounts, payer, Books::id(&who, claims.len()));
        let result = transfer.make(&client, form).await;
        let uncut = proxy.spare();
        claims.push(result.as_ref().map_or_else(Refused::claim, |()| Claim::Ran));
        if let Err(Refused::Poor) = result {
            payer = 1 - payer;
            continue;
        }
        note(floor, &result);
        if uncut && result.is_ok() {
            return (who, claims);
        }
        bytes += 1;
    }
    floor.find(format!("{who}: no transfer went through uncut after {MOST} bytes"));
    (who, claims)
}

fn between(first: usize, payer: usize, id: String) -> Transfer {
    let (from, to) = (Bank::account(first + payer), Bank::account(first + 1 - payer));
    Transfer { id, from, to, amount: 1 }
}

fn note(floor: &Floor, result: &Result<(), Refused>) {
    const NAME: &str = "transfer, cut";
    match result {
        Ok(()) => floor.note(NAME, "ok".into()),
        Err(Refused::Redis(error)) => {
            floor.note(NAME, claim::name(error));
            if claim::is_a_finding(error) {
                floor.find(format!("{NAME}: {error}"));
            }
        }
        Err(Refused::Conflict) => floor.note(NAME, "Conflict".into()),
        Err(refused) => floor.find(format!("{NAME}: {refused:?}")),
    }
}
