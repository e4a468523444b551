//! What a client is configured with.
//!
//! - `address`, `protocol`, `invalid`: the parts that the others share
//! - `tls`, `settings`: the values, and whether they can work
//! - `builder`, `url`: `Config`, by methods and from a URL

mod address;
mod builder;
mod invalid;
mod protocol;
mod settings;
#[cfg(test)]
mod tests;
#[cfg(feature = "tls")]
mod tls;
mod url;

pub(crate) use address::Address;
pub use builder::Config;
#[cfg(feature = "tls")]
pub(crate) use invalid::invalid;
pub use protocol::Protocol;
pub(crate) use settings::Settings;
#[cfg(feature = "tls")]
pub use tls::Tls;
