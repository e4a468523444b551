//! Pipelines: every form of execution, cancellation and retries.

mod cancellation;
mod invariants;
mod methods;
mod one_command_each;
mod retry_reads;
mod server_limits;
mod watches;
