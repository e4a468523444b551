//! The availability of a command or an option: the first version of each vendor that has it, as the tables state it.

use super::number::{Vendor, Version, checked};

/// The first version of each vendor's server that has a command or an option.
///
/// Valkey began as a copy of Redis 7.2.4, so every Valkey has what Redis had by then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Availability {
    /// The first version of Redis, such as `"6.2.0"`; `None` where no Redis has it without a module.
    pub redis: Option<&'static str>,
    /// The first version of Valkey, such as `"9.0.0"`; `None` where no Valkey has it without a module.
    pub valkey: Option<&'static str>,
    /// The module that adds it to a server, or `None` where it belongs to the server itself.
    pub module: Option<ModuleVersion>,
}

/// The first version of a server's module that has a command or an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ModuleVersion {
    /// The module's name as MODULE LIST tells it, such as `"ReJSON"`.
    pub name: &'static str,
    /// The first version of the module, such as `"1.0.0"`.
    pub since: &'static str,
}

impl Availability {
    /// Returns whether every Valkey has the command or option, because Valkey inherited it from Redis.
    pub fn is_in_every_valkey(&self) -> bool {
        self.valkey == Some(VALKEY_ORIGIN)
    }

    /// Returns the first version of a vendor, or `None` where none of its servers has it without a module.
    pub fn of(&self, vendor: Vendor) -> Option<&'static str> {
        match vendor {
            Vendor::Redis => self.redis,
            Vendor::Valkey => self.valkey,
        }
    }
}

/// The version of Redis that Valkey descends from, as the tables write it.
const VALKEY_ORIGIN: &str = "7.2.4";

/// For the tables of commands and options, which are constants: a wrong version is an error of the compiler.
#[doc(hidden)]
impl Availability {
    /// The availability of a command or option that Valkey inherited from Redis.
    pub const fn inherited(redis: &'static str) -> Self {
        assert!(
            !FIRST_VALKEY.is_older_than(checked(redis)),
            "newer than Redis 7.2.4: say since when Valkey has it, or `never`"
        );
        Availability { redis: Some(redis), valkey: Some(VALKEY_ORIGIN), module: None }
    }

    /// The availability of a command or option that the vendors added on their own; `None` where a vendor did not.
    pub const fn by_vendor(redis: Option<&'static str>, valkey: Option<&'static str>) -> Self {
        if let Some(version) = redis {
            checked(version);
        }
        if let Some(version) = valkey {
            assert!(!checked(version).is_older_than(FIRST_VALKEY), "Valkey begins with 7.2.4");
        }
        Availability { redis, valkey, module: None }
    }

    /// The availability of a command or option that a module adds to the servers of both vendors.
    pub const fn by_module(name: &'static str, since: &'static str) -> Self {
        checked(since);
        Availability { redis: None, valkey: None, module: Some(ModuleVersion { name, since }) }
    }
}

/// The version of Redis that the first Valkey was.
const FIRST_VALKEY: Version = checked(VALKEY_ORIGIN);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn valkey_has_what_redis_had_when_it_began() {
        const INHERITED: Availability = Availability::inherited("7.2.4");
        assert_eq!(INHERITED.of(Vendor::Valkey), Some("7.2.4"));
        const BY_VENDOR: Availability = Availability::by_vendor(Some("8.0.0"), None);
        assert_eq!((BY_VENDOR.of(Vendor::Redis), BY_VENDOR.of(Vendor::Valkey)), (Some("8.0.0"), None));
        const BY_MODULE: Availability = Availability::by_module("ReJSON", "1.0.0");
        assert_eq!((BY_MODULE.redis, BY_MODULE.module.unwrap().name), (None, "ReJSON"));
    }
}
