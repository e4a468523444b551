//! The releases of each vendor as types, and the type of the release that brought what a table dates by a text.

use super::{
    declared::{AnyVersion, Declared, ServerVersion},
    number::{Vendor, Version, checked},
    supports::{AskedFor, AtLeast, OnRedis, OnRedisAlone, OnValkey, OnValkeyAlone},
};

/// A release of one vendor, such as [`Redis8_0`] or [`Valkey9_0`].
pub trait Release: ServerVersion {
    /// The vendor.
    const VENDOR: Vendor;
    /// The version.
    const VERSION: Version;
}

/// A release of Redis.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no release of Redis",
    label = "expected a release of Redis, and one of Valkey behind it",
    note = "write `(Redis7_4, Valkey9_0)`, of `typedis::version`"
)]
pub trait OfRedis {}

/// A release of Valkey.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no release of Valkey",
    label = "expected a release of Valkey, behind one of Redis",
    note = "write `(Redis7_4, Valkey9_0)`, of `typedis::version`"
)]
pub trait OfValkey {}

impl<R: Release + OfRedis, V: Release + OfValkey> ServerVersion for (R, V) {
    const DECLARED: Declared = Declared { redis: Some(R::VERSION), valkey: Some(V::VERSION) };
}

#[diagnostic::do_not_recommend]
impl<R: OfRedis + AtLeast<R2>, V: OfValkey + AtLeast<V2>, R2: OfRedis, V2: OfValkey> AtLeast<(R2, V2)> for (R, V) {}

#[doc(hidden)]
/// A version of Redis that is newer than every version that a client can declare.
#[derive(Clone, Copy, Debug)]
pub struct UnreleasedRedis;

#[doc(hidden)]
/// A version of Valkey that is newer than every version that a client can declare.
#[derive(Clone, Copy, Debug)]
pub struct UnreleasedValkey;

impl AskedFor for UnreleasedRedis {}
impl AskedFor for UnreleasedValkey {}

#[doc(hidden)]
/// The type of the release of Redis at `INDEX`, which [`redis_index`] computes of a row's text.
pub type RedisSince<const INDEX: usize> = <AnyVersion as RedisAt<INDEX>>::Release;

#[doc(hidden)]
/// The type of the release of Valkey at `INDEX`, which [`valkey_index`] computes of a row's text.
pub type ValkeySince<const INDEX: usize> = <AnyVersion as ValkeyAt<INDEX>>::Release;

#[doc(hidden)]
pub trait RedisAt<const INDEX: usize> {
    type Release;
}

#[doc(hidden)]
pub trait ValkeyAt<const INDEX: usize> {
    type Release;
}

/// A release with the name of its type.
struct Named {
    version: Version,
    name: &'static str,
}

/// The releases of one vendor, from the oldest to the newest, behind the names of what is the vendor's own.
macro_rules! releases {
    (
        $vendor:ident in $field:ident: $of:ident, other: $on_other:ident;
        $all:ident by $at:ident, newer: $unreleased:ident;
        $($name:ident = ($major:literal, $minor:literal, $patch:literal), $text:literal;)+
    ) => {
        $(
            #[doc = concat!(stringify!($vendor), " ", $text, " or newer. See [`Config::at_least`](crate::Config::at_least).")]
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
            pub struct $name;

            impl ServerVersion for $name {
                const DECLARED: Declared = Declared { $field: Some(Self::VERSION), ..AnyVersion::DECLARED };
            }

            impl Release for $name {
                const VENDOR: Vendor = Vendor::$vendor;
                const VERSION: Version = Version::new($major, $minor, $patch);
            }

            #[diagnostic::do_not_recommend]
            impl $of for $name {}

            #[diagnostic::do_not_recommend]
            impl<Since: AskedFor, What> $on_other<Since, What> for $name {}
        )+

        const $all: &[Named] = &[$(Named { version: $name::VERSION, name: stringify!($name) }),+];

        releases!(@newer $vendor [] $($name)+);
        releases!(@places $at $unreleased [] $($name)+);
    };
    // What came with the oldest release, every server has, so that only the question for one vendor alone is left.
    (@newer $vendor:ident [] $oldest:ident $($newer:ident)*) => {
        releases!(@everywhere $vendor $oldest);
        releases!(@alone $vendor $oldest $oldest);
        releases!(@newer $vendor $oldest [] $($newer)*);
    };
    (@newer $vendor:ident $oldest:ident [$($older:ident)*]) => {};
    (@newer $vendor:ident $oldest:ident [$($older:ident)*] $name:ident $($newer:ident)*) => {
        impl AskedFor for $name {}
        $(releases!(@has $vendor $older $name);)*
        releases!(@has $vendor $name $name);
        releases!(@alone $vendor $oldest $name);
        releases!(@newer $vendor $oldest [$($older)* $name] $($newer)*);
    };
    (@everywhere Redis $oldest:ident) => {
        #[diagnostic::do_not_recommend]
        impl<What, Any> OnRedis<$oldest, What> for Any {}
    };
    (@everywhere Valkey $oldest:ident) => {
        #[diagnostic::do_not_recommend]
        impl<What, Any> OnValkey<$oldest, What> for Any {}
    };
    (@has Redis $since:ident $name:ident) => {
        #[diagnostic::do_not_recommend]
        impl<What> OnRedis<$since, What> for $name {}
        #[diagnostic::do_not_recommend]
        impl<What, V> OnRedis<$since, What> for ($name, V) {}
        releases!(@alone Redis $since $name);
    };
    (@has Valkey $since:ident $name:ident) => {
        #[diagnostic::do_not_recommend]
        impl<What> OnValkey<$since, What> for $name {}
        #[diagnostic::do_not_recommend]
        impl<What, R> OnValkey<$since, What> for (R, $name) {}
        releases!(@alone Valkey $since $name);
    };
    (@alone Redis $since:ident $name:ident) => {
        #[diagnostic::do_not_recommend]
        impl AtLeast<$since> for $name {}
        #[diagnostic::do_not_recommend]
        impl<Other: OfValkey> AtLeast<($since, Other)> for $name {}
        #[diagnostic::do_not_recommend]
        impl<What> OnRedisAlone<$since, What> for $name {}
    };
    (@alone Valkey $since:ident $name:ident) => {
        #[diagnostic::do_not_recommend]
        impl AtLeast<$since> for $name {}
        #[diagnostic::do_not_recommend]
        impl<Other: OfRedis> AtLeast<(Other, $since)> for $name {}
        #[diagnostic::do_not_recommend]
        impl<What> OnValkeyAlone<$since, What> for $name {}
    };
    (@places $at:ident $unreleased:ident [$($counted:ident)*]) => {
        impl $at<{ 0 $(+ releases!(@one $counted))* }> for AnyVersion {
            type Release = $unreleased;
        }
    };
    (@places $at:ident $unreleased:ident [$($counted:ident)*] $name:ident $($newer:ident)*) => {
        impl $at<{ 0 $(+ releases!(@one $counted))* }> for AnyVersion {
            type Release = $name;
        }
        releases!(@places $at $unreleased [$($counted)* $name] $($newer)*);
    };
    (@one $counted:ident) => { 1 };
}

// `redis_index` counts an older version as the first of these.
releases! {
    Redis in redis: OfRedis, other: OnValkey;
    REDIS by RedisAt, newer: UnreleasedRedis;
    Redis5_0 = (5, 0, 0), "5.0";
    Redis6_0 = (6, 0, 0), "6.0";
    Redis6_0_6 = (6, 0, 6), "6.0.6";
    Redis6_2 = (6, 2, 0), "6.2";
    Redis7_0 = (7, 0, 0), "7.0";
    Redis7_2 = (7, 2, 0), "7.2";
    Redis7_4 = (7, 4, 0), "7.4";
    Redis8_0 = (8, 0, 0), "8.0";
    Redis8_2 = (8, 2, 0), "8.2";
    Redis8_4 = (8, 4, 0), "8.4";
    Redis8_6 = (8, 6, 0), "8.6";
    Redis8_8 = (8, 8, 0), "8.8";
    Redis8_10 = (8, 10, 0), "8.10";
    Redis8_12 = (8, 12, 0), "8.12";
}

// The first Valkey was 7.2.4, the Redis that it descends from.
releases! {
    Valkey in valkey: OfValkey, other: OnRedis;
    VALKEY by ValkeyAt, newer: UnreleasedValkey;
    Valkey7_2 = (7, 2, 4), "7.2.4";
    Valkey8_0 = (8, 0, 0), "8.0";
    Valkey8_1 = (8, 1, 0), "8.1";
    Valkey9_0 = (9, 0, 0), "9.0";
    Valkey9_1 = (9, 1, 0), "9.1";
    Valkey9_2 = (9, 2, 0), "9.2";
}

#[doc(hidden)]
/// The index of the oldest release of Redis that can be declared and is not older than `since`.
pub const fn redis_index(since: &str) -> usize {
    index(REDIS, since)
}

#[doc(hidden)]
/// The index of the oldest release of Valkey that is not older than `since`.
pub const fn valkey_index(since: &str) -> usize {
    index(VALKEY, since)
}

const fn index(releases: &[Named], since: &str) -> usize {
    let since = checked(since);
    let mut index = 0;
    while index < releases.len() && releases[index].version.is_older_than(since) {
        index += 1;
    }
    index
}

/// Returns the newest release of the vendor that `version` includes, as the name of its type: `Redis7_2` for Redis 7.2.4.
pub(crate) fn type_name(vendor: Vendor, version: Version) -> Option<&'static str> {
    let releases = match vendor {
        Vendor::Redis => REDIS,
        Vendor::Valkey => VALKEY,
    };
    releases.iter().rfind(|release| release.version <= version).map(|release| release.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_between_two_releases_came_with_the_newer_one() {
        assert_eq!(redis_index("1.0.0"), redis_index("5.0.0"));
        assert_eq!(REDIS[redis_index("6.0.0")].version, Version::new(6, 0, 0));
        assert_eq!(REDIS[redis_index("6.0.1")].version, Version::new(6, 0, 6));
        assert_eq!(REDIS[redis_index("7.0.1")].version, Version::new(7, 2, 0));
        assert_eq!(REDIS[redis_index("8.9.0")].version, Version::new(8, 10, 0));
        assert_eq!(redis_index("99.0.0"), REDIS.len());
        assert_eq!(VALKEY[valkey_index("8.0.1")].version, Version::new(8, 1, 0));
        assert_eq!(valkey_index("9.2.1"), VALKEY.len());
    }

    #[test]
    fn a_version_names_the_type_of_its_release() {
        let name = |vendor, major, minor, patch| type_name(vendor, Version::new(major, minor, patch));
        assert_eq!(name(Vendor::Valkey, 8, 1, 8), Some("Valkey8_1"));
        assert_eq!(name(Vendor::Valkey, 7, 2, 4), Some("Valkey7_2"));
        assert_eq!(name(Vendor::Redis, 8, 11, 0), Some("Redis8_10"));
        assert_eq!(name(Vendor::Redis, 6, 0, 16), Some("Redis6_0_6"));
        assert_eq!(name(Vendor::Redis, 2, 8, 0), None);
    }

    #[test]
    fn a_declared_vendor_has_a_lowest_version_and_another_has_none() {
        let version = |major| Version::new(major, 0, 0);
        let both = <(Redis8_0, Valkey9_0)>::DECLARED;
        assert!(both.includes(Vendor::Redis, version(8)) && both.includes(Vendor::Valkey, version(10)));
        assert!(!both.includes(Vendor::Redis, version(7)) && !both.includes(Vendor::Valkey, version(8)));
        assert_eq!(both.to_string(), "Redis 8.0 or newer, or Valkey 9.0 or newer");
        assert!(!Redis8_0::DECLARED.includes(Vendor::Valkey, version(9)));
        assert!(!Valkey9_0::DECLARED.includes(Vendor::Redis, version(9)));
        assert!(AnyVersion::DECLARED.includes(Vendor::Redis, version(1)));
    }
}
