//! Fault injection and load for typedis, with invariants that are checked against the server's data at the end.
//!
//! - *The bank*: tasks transfer between accounts under WATCH. The sum of the balances is constant, no balance is
//!   negative, and a ledger that the same transactions write holds every acknowledged transfer once, and none that was
//!   reported as not run.
//! - *The counters*: acknowledged increments <= value <= acknowledged + unknown.
//! - What a primary acknowledges while it fails over, the servers may lose, because replication is asynchronous. Everything
//!   before it must be there: the replica has it when the failover begins.
//!
//! `cargo xtask soak`, `soak-cluster`, `soak-sentinel` and `load` run this crate; `tests/soak.rs` is the short run of every
//! fault.
//!
//! # Layout
//!
//! - `effect`, `history`: the effect of each operation as typedis reported it; the record that the audit compares
//! - `bank`, `counter`: the operations; `audit`: the result of comparing their effects with the data
//! - `state`: what all tasks share; `cancellation`: futures dropped at random points; `worker`: the tasks
//! - `crew`: two clients and the tasks on them; `connections`: the servers' side of the clients' connections
//! - `settings`: the user, the configuration and the limits of the clients; the lengths of faults
//! - `replication`: what a replica has of its primary
//! - `deployment`, `fault`, `cut`: one server and its replica behind a proxy, and their faults; `run`: the run on them
//! - `cluster`, `sentinel`: the runs on a cluster and on a Sentinel set, and their faults
//! - `load`: the run without faults; `report`: the report of all

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
mod sentinel;
mod settings;
mod state;
mod worker;

pub use cluster::soak_cluster;
pub use crew::Length;
pub use load::load;
pub use report::Report;
pub use run::soak;
pub use sentinel::soak_sentinel;
