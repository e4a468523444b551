//! Fault injection and load for typedis, with invariants that are checked against the server's data at the end.
//!
//! - *The bank*: tasks transfer between accounts under WATCH. The sum of the balances is constant, no balance is
//!   negative, and a ledger that the same transactions write holds every acknowledged transfer once, and none that was
//!   reported as not run.
//! - *The counters*: acknowledged increments <= value <= acknowledged + unknown.
//!
//! `cargo xtask soak` and `cargo xtask load` run this crate; `tests/soak.rs` is the short run of every fault.
//!
//! # Layout
//!
//! - `effect`, `history`: the effect of each operation as typedis reported it; the record that the audit compares
//! - `bank`, `counter`: the operations; `audit`: the result of comparing their effects with the data
//! - `state`: what all tasks share; `cancellation`: futures dropped at random points; `worker`: the tasks
//! - `deployment`, `fault`, `cut`: the servers behind a proxy, and the faults
//! - `cluster`: the run on a cluster; `run`, `load`: the two kinds of run on one server; `report`: the report of both

mod audit;
mod bank;
mod cancellation;
mod cluster;
mod connections;
mod counter;
mod crew;
mod cut;
mod deployment;
mod effect;
mod fault;
mod history;
mod load;
mod replication;
mod report;
mod run;
mod state;
mod worker;

pub use cluster::soak_cluster;
pub use crew::Length;
pub use load::load;
pub use report::Report;
pub use run::soak;
