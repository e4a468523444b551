//! The data of the soak of a cluster: banks and counters, on slots of all nodes.

use crate::{bank::Bank, counter::Counters};
use typedis_testing::hash_slot;

/// Their slots are of all three primaries.
pub const BANKS: [Bank; 4] = [bank("a"), bank("b"), bank("c"), bank("d")];

const fn bank(tag: &'static str) -> Bank {
    Bank { tag, accounts: 8 }
}

/// The ledger of every bank, and every counter.
pub fn keys() -> impl Iterator<Item = String> {
    BANKS.iter().map(|bank| bank.ledger()).chain(Counters::keys())
}

/// The slots of all data.
pub fn slots() -> Vec<u16> {
    keys().map(hash_slot).collect()
}
