//! Connections: sharing, pooling, reconnection, TLS and configuration.

mod bad_input;
mod closing;
mod failover;
mod framing;
mod handshake;
mod health_checks;
mod multi_access;
mod pool;
mod reconnect;
mod runtimes;
mod sentinel;
mod shared;
#[cfg(feature = "tls")]
mod tls;
mod versions;
mod waiting;
