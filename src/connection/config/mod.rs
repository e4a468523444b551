//! The configuration of a client.
//!
//! - `address`, `protocol`, `deployment`: the parts that the others share
//! - `tls`, `settings`: the values, and their validation
//! - `builder`, `url`, `hosts`: `Config`, by methods and from a URL, and the hosts in a URL
//! - `sentinel`: the settings of a primary that Sentinels name

mod address;
mod builder;
mod deployment;
mod hosts;
mod protocol;
mod sentinel;
mod settings;
#[cfg(test)]
mod tests;
#[cfg(feature = "tls")]
mod tls;
mod url;

pub(crate) use address::Address;
pub use builder::Config;
pub use protocol::Protocol;
pub(crate) use settings::{ReplicaOf, Settings};
#[cfg(feature = "tls")]
pub use tls::Tls;
