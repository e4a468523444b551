//! Faults and load for typedis, with invariants that the server's own data must hold at the end.
//!
//! - *The bank*: tasks transfer between accounts under WATCH; the sum stays, no account goes negative, and a ledger that
//!   the same transactions write holds every transfer that was acknowledged, once, and none that was told not to have run.
//! - *The counters*: acknowledged increments <= value <= acknowledged + unknown.
//!
//! `cargo xtask soak` and `cargo xtask load` run this; `tests/soak.rs` is the short run of every fault.
//!
//! # Layout
//!
//! - `claim`, `books`: what was told of each operation, and how it is compared with the server's data
//! - `bank`, `counter`: the operations
//! - `cancel`, `worker`: tasks that do them, and drop some on the way
//! - `world`, `fault`, `sweep`: servers and a proxy, and what befalls them
//! - `run`, `load`, `report`: the two programs, and what they print

mod bank;
mod books;
mod cancel;
mod claim;
mod counter;
mod fault;
mod load;
mod report;
mod run;
mod sweep;
mod worker;
mod world;

pub use load::load;
pub use report::Report;
pub use run::{Length, soak};
