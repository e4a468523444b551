//! Integration tests, grouped by subject. Each test starts a server of its own, so all of them may run at the same
//! time.
//!
//! They are one binary, because each binary is a link step.

mod cluster;
mod commands;
mod connection;
mod generic_code;
mod keys;
mod macros;
mod pipeline;
mod readme;
mod registry;
mod support;
mod topology;
