//! Versions of the server: as types, for what a client declares, and as data, for what the tables say.

use std::fmt;

/// The lowest version of Redis that a client runs on, as it declares it by
/// [`Config::at_least`](crate::Config::at_least): [`Redis6_2`] and the like, or [`AnyVersion`] where it declares none.
///
/// The versions are those of Redis. A Valkey server is judged by its own version, which [counts as one of
/// Redis](Vendor::as_redis).
pub trait ServerVersion: Copy + fmt::Debug + Send + Sync + 'static {
    /// The version, or `None` where none is declared.
    const LOWEST: Option<Version>;
}

/// A version of Redis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// The major number.
    pub major: u32,
    /// The minor number.
    pub minor: u32,
    /// The patch.
    pub patch: u32,
}

impl Version {
    pub(crate) const fn new(major: u32, minor: u32, patch: u32) -> Self {
        Version { major, minor, patch }
    }

    /// Returns whether the version is older than `other`. Unlike `<`, the comparison is a `const fn`.
    const fn is_older_than(self, other: Version) -> bool {
        if self.major != other.major {
            return self.major < other.major;
        }
        if self.minor != other.minor {
            return self.minor < other.minor;
        }
        self.patch < other.patch
    }
}

impl fmt::Display for Version {
    /// Writes `major.minor.patch`, without a patch of 0: `7.2`, `6.0.6`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)?;
        if self.patch == 0 { Ok(()) } else { write!(f, ".{}", self.patch) }
    }
}

/// The maker of a server, whose versions count by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Vendor {
    /// Redis, and servers that report a version of Redis and no other.
    Redis,
    /// Valkey, whatever version of Redis it reports beside its own.
    Valkey,
}

/// The versions of Valkey from which on it counts as a newer Redis than before: the newest declared version that added no
/// command which that Valkey lacks.
///
/// 9.0 added the expiry of hash fields, with which it has the new commands of Redis 7.4. Redis 8.0 added vector sets, which no
/// Valkey has.
const VALKEY_AS_REDIS: &[(Version, Version)] =
    &[(Version::new(9, 0, 0), Version::new(7, 4, 0)), (Version::new(0, 0, 0), FIRST_VALKEY)];

impl Vendor {
    /// Returns the version of Redis that this vendor's server of the version `own` counts as where a version is
    /// [declared](crate::Config::at_least).
    ///
    /// ```
    /// use typedis::version::{Redis7_4, ServerVersion, Vendor, Version};
    ///
    /// let as_redis = |major, minor, patch| Vendor::Valkey.as_redis(Version { major, minor, patch });
    /// assert_eq!(as_redis(8, 1, 8).to_string(), "7.2.4");
    /// assert_eq!(Some(as_redis(9, 1, 2)), Redis7_4::LOWEST);
    /// ```
    pub fn as_redis(self, own: Version) -> Version {
        match self {
            Vendor::Redis => own,
            Vendor::Valkey => {
                let counted = VALKEY_AS_REDIS.iter().find(|(from, _)| *from <= own);
                counted.map_or(FIRST_VALKEY, |(_, as_redis)| *as_redis)
            }
        }
    }
}

impl fmt::Display for Vendor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Vendor::Redis => "Redis",
            Vendor::Valkey => "Valkey",
        })
    }
}

/// No version is declared: every command compiles, and a server that is too old for one says so when it is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AnyVersion;

impl ServerVersion for AnyVersion {
    const LOWEST: Option<Version> = None;
}

/// A server of the version `Self` has `What`, which came with `Since`.
#[diagnostic::on_unimplemented(
    message = "`{What}` came with `{Since}`, and this client declares `{Self}`",
    label = "newer than the oldest server of this client",
    note = "do without it, or declare a newer server where the client is made: `Config::from_url(url)?.at_least(..)`"
)]
pub trait Supports<Since, What> {}

#[diagnostic::do_not_recommend]
impl<Since, What> Supports<Since, What> for AnyVersion {}

/// The type of the version at `INDEX`, which [`version_index`] computes of a row's text.
#[doc(hidden)]
pub type Since<const INDEX: usize> = <AnyVersion as VersionAt<INDEX>>::Version;

#[doc(hidden)]
pub trait VersionAt<const INDEX: usize> {
    type Version;
}

/// A version that is newer than every version that a client can declare.
#[derive(Clone, Copy, Debug)]
pub struct UnreleasedRedis;

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

const fn checked(version: &str) -> Version {
    match parse(version.as_bytes()) {
        Some(version) => version,
        None => panic!("a version is made of numbers, such as \"7.0.0\""),
    }
}

/// The versions from the oldest to the newest.
macro_rules! versions {
    ($($name:ident = ($major:literal, $minor:literal, $patch:literal), $doc:literal;)+) => {
        $(
            #[doc = concat!("Redis ", $doc, " or newer. See [`Config::at_least`](crate::Config::at_least).")]
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
            pub struct $name;

            impl ServerVersion for $name {
                const LOWEST: Option<Version> = Some(Version::new($major, $minor, $patch));
            }
        )+

        const ALL: &[Version] = &[$(Version::new($major, $minor, $patch)),+];

        versions!(@offers [] $($name)+);
        versions!(@places [] $($name)+);
    };
    (@offers [$($older:ident)*]) => {};
    (@offers [$($older:ident)*] $name:ident $($newer:ident)*) => {
        $(
            #[diagnostic::do_not_recommend]
            impl<What> Supports<$older, What> for $name {}
        )*
        #[diagnostic::do_not_recommend]
        impl<What> Supports<$name, What> for $name {}
        // For commands without a known version. With a single impl, rustc would quote that impl in every message.
        #[diagnostic::do_not_recommend]
        impl<What> Supports<AnyVersion, What> for $name {}
        versions!(@offers [$($older)* $name] $($newer)*);
    };
    (@places [$($counted:ident)*]) => {
        impl VersionAt<{ 0 $(+ versions!(@one $counted))* }> for AnyVersion {
            type Version = UnreleasedRedis;
        }
    };
    (@places [$($counted:ident)*] $name:ident $($newer:ident)*) => {
        impl VersionAt<{ 0 $(+ versions!(@one $counted))* }> for AnyVersion {
            type Version = $name;
        }
        versions!(@places [$($counted)* $name] $($newer)*);
    };
    (@one $counted:ident) => { 1 };
}

// `version_index` counts an older version as the first of these.
versions! {
    Redis5_0 = (5, 0, 0), "5.0";
    Redis6_0 = (6, 0, 0), "6.0";
    Redis6_0_6 = (6, 0, 6), "6.0.6";
    Redis6_2 = (6, 2, 0), "6.2";
    Redis7_0 = (7, 0, 0), "7.0";
    Redis7_2 = (7, 2, 0), "7.2";
    Redis7_4 = (7, 4, 0), "7.4";
    Redis8_0 = (8, 0, 0), "8.0";
    Redis8_2 = (8, 2, 0), "8.2";
}

/// For the rows of [`commands!`](macro@crate::commands): the index of the oldest version that can be declared and is not older
/// than `since`.
#[doc(hidden)]
pub const fn version_index(since: &str) -> usize {
    let since = checked(since);
    let mut index = 0;
    while index < ALL.len() && ALL[index].is_older_than(since) {
        index += 1;
    }
    index
}

/// Parses a version such as `7.0.15`, and ignores text behind the third number.
pub(crate) const fn parse(text: &[u8]) -> Option<Version> {
    let mut numbers = [0; 3];
    let mut number = 0;
    let mut at = 0;
    let mut digits = 0;
    while at < text.len() && number < 3 {
        match text[at] {
            digit @ b'0'..=b'9' if digits < 6 => {
                numbers[number] = numbers[number] * 10 + (digit - b'0') as u32;
                digits += 1;
            }
            b'.' if digits > 0 => {
                number += 1;
                digits = 0;
            }
            _ if number < 2 || digits == 0 => return None,
            _ => break,
        }
        at += 1;
    }
    let complete = number == 3 || number > 0 && digits > 0;
    if complete { Some(Version::new(numbers[0], numbers[1], numbers[2])) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_with_what_servers_put_behind_them() {
        assert_eq!(parse(b"7.0.15"), Some(Version::new(7, 0, 15)));
        assert_eq!(parse(b"8.0"), Some(Version::new(8, 0, 0)));
        assert_eq!(parse(b"8.0.0-rc1"), Some(Version::new(8, 0, 0)));
        assert_eq!(parse(b"255.255.255"), Some(Version::new(255, 255, 255)));
        for text in ["", "8", "8.", "x", "8.x", ".8", "8..1", "99999999.0.0"] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_version_is_displayed_without_a_patch_of_zero() {
        assert_eq!(Version::new(7, 2, 0).to_string(), "7.2");
        assert_eq!(Version::new(6, 0, 6).to_string(), "6.0.6");
    }

    #[test]
    fn what_came_between_two_versions_came_with_the_newer_one() {
        assert_eq!(version_index("1.0.0"), version_index("5.0.0"));
        assert_eq!(ALL[version_index("6.0.0")], Version::new(6, 0, 0));
        assert_eq!(ALL[version_index("6.0.1")], Version::new(6, 0, 6));
        assert_eq!(ALL[version_index("7.0.1")], Version::new(7, 2, 0));
        assert_eq!(version_index("99.0.0"), ALL.len());
    }

    #[test]
    fn valkey_has_what_redis_had_when_it_began() {
        const INHERITED: Availability = Availability::inherited("7.2.4");
        assert_eq!(INHERITED.valkey, Some("7.2.4"));
        const BY_VENDOR: Availability = Availability::by_vendor(Some("8.0.0"), None);
        assert_eq!((BY_VENDOR.redis, BY_VENDOR.valkey), (Some("8.0.0"), None));
        const BY_MODULE: Availability = Availability::by_module("ReJSON", "1.0.0");
        assert_eq!((BY_MODULE.redis, BY_MODULE.module.unwrap().name), (None, "ReJSON"));
    }
}
