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
    for bytes in 0..MOST {
        match direction {
            Direction::Request => proxy.cut_request_after(bytes),
            Direction::Reply => proxy.cut_reply_after(bytes),
        }
        let transfer = between(floor.accounts, Books::id(&who, bytes), bytes);
        let result = transfer.make(&client, form).await;
        let uncut = proxy.spare();
        note(floor, &result);
        claims.push(result.as_ref().map_or_else(Refused::claim, |()| Claim::Ran));
        if uncut && result.is_ok() {
            return (who, claims);
        }
    }
    floor.find(format!("{who}: no transfer went through uncut after {MOST} bytes"));
    (who, claims)
}

fn between(first: usize, id: String, turn: usize) -> Transfer {
    let (from, to) = (first + turn % 2, first + (turn + 1) % 2);
    Transfer { id, from: Bank::account(from), to: Bank::account(to), amount: 1 }
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
