//! The servers that a client declares, as a type and as data.

use super::number::{Vendor, Version};
use std::fmt;

/// The servers that a client runs on, as it declares them by [`Config::at_least`](crate::Config::at_least): a
/// [release](crate::version::Release) of one vendor or newer, such as [`Redis8_0`](crate::version::Redis8_0) or
/// [`Valkey9_0`](crate::version::Valkey9_0); a pair of them, as `(Redis7_4, Valkey9_0)`,
/// for both vendors; or [`AnyVersion`] where it declares none.
#[diagnostic::on_unimplemented(
    message = "`{Self}` declares no servers",
    label = "expected a release of Redis, of Valkey, or a pair of them",
    note = "write `Redis8_0`, `Valkey9_0` or, for both, `(Redis7_4, Valkey9_0)`, of `typedis::version`"
)]
pub trait ServerVersion: Copy + fmt::Debug + Send + Sync + 'static {
    /// The lowest version of each vendor.
    const DECLARED: Declared;
}

/// No version is declared: every command compiles, and a server that lacks one says so when it is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AnyVersion;

impl ServerVersion for AnyVersion {
    const DECLARED: Declared = Declared { redis: None, valkey: None };
}

/// The servers that a client declares, as data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Declared {
    /// The lowest version of Redis; `None` if Redis is not declared.
    pub redis: Option<Version>,
    /// The lowest version of Valkey; `None` if Valkey is not declared.
    pub valkey: Option<Version>,
}

impl Declared {
    /// Returns whether every server will do, because none is declared.
    pub fn is_any(self) -> bool {
        self.redis.is_none() && self.valkey.is_none()
    }

    /// Returns the lowest version of a vendor that is declared, or `None` if that vendor is not.
    pub fn lowest(self, vendor: Vendor) -> Option<Version> {
        match vendor {
            Vendor::Redis => self.redis,
            Vendor::Valkey => self.valkey,
        }
    }

    /// Returns whether a server of this vendor and version is one of those declared.
    pub(crate) fn includes(self, vendor: Vendor, version: Version) -> bool {
        self.is_any() || self.lowest(vendor).is_some_and(|lowest| lowest <= version)
    }
}

impl fmt::Display for Declared {
    /// Writes `Redis 7.4 or newer`, `Redis 7.4 or newer, or Valkey 9.0 or newer`, or `any server`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.redis, self.valkey) {
            (Some(redis), Some(valkey)) => write!(f, "Redis {redis} or newer, or Valkey {valkey} or newer"),
            (Some(redis), None) => write!(f, "Redis {redis} or newer"),
            (None, Some(valkey)) => write!(f, "Valkey {valkey} or newer"),
            (None, None) => f.write_str("any server"),
        }
    }
}
