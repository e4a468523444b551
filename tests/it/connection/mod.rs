//! Connections: sharing, pooling, reconnection, TLS and configuration.

mod bad_input;
mod closing;
mod failover;
mod framing;
mod health_checks;
mod pool;
mod reconnect;
mod runtimes;
mod shared;
#[cfg(feature = "tls")]
mod tls;
mod versions;
mod waiting;
