mod cancellation;
mod invariants;
mod methods;
mod retry_reads;
