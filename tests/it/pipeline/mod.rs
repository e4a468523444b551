//! Pipelines: every form of execution, cancellation and retries.

mod cancellation;
mod invariants;
mod methods;
mod one_command_each;
mod refusals;
mod refused_exec;
mod retry_reads;
mod server_limits;
mod watches;
