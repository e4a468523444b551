//! Versions of the server as types: what a client declares, and since when there is a command or an option.

/// The lowest version of Redis that a client runs on, as it declares it by
/// [`Config::at_least`](crate::Config::at_least): [`Redis6_2`] and the like, or [`AnyVersion`] where it declares none.
///
/// The versions are those of Redis; a Valkey server has the commands of the version of Redis that it tells, which is 7.2
/// for all of them so far.
pub trait ServerVersion: Copy + std::fmt::Debug + Send + Sync + 'static {
    /// The version, or `None` where none is declared.
    const LOWEST: Option<Version>;
}

/// A version of Redis, major and minor number and patch.
pub type Version = (u32, u32, u32);

/// No version is declared: every command compiles, and a server that is too old for one says so when it is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AnyVersion;

impl ServerVersion for AnyVersion {
    const LOWEST: Option<Version> = None;
}

/// A server that has `What`, which came with `Since`.
#[diagnostic::on_unimplemented(
    message = "`{What}` came with `{Since}`, and this client declares `{Self}`",
    label = "newer than the oldest server of this client",
    note = "do without it, or declare a newer server where the client is made: `Config::from_url(url)?.at_least(..)`"
)]
pub trait Supports<Since, What> {}

#[diagnostic::do_not_recommend]
impl<Since, What> Supports<Since, What> for AnyVersion {}

/// The version with which something came, found by its place in the list of all.
#[doc(hidden)]
pub type Since<const INDEX: usize> = <AnyVersion as VersionAt<INDEX>>::Version;

#[doc(hidden)]
pub trait VersionAt<const INDEX: usize> {
    type Version;
}

/// Newer than every version that can be declared.
#[derive(Clone, Copy, Debug)]
pub struct UnreleasedRedis;

/// The versions from the oldest to the newest.
macro_rules! versions {
    ($($name:ident = ($major:literal, $minor:literal, $patch:literal), $doc:literal;)+) => {
        $(
            #[doc = concat!("Redis ", $doc, " or newer. See [`Config::at_least`](crate::Config::at_least).")]
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
            pub struct $name;

            impl ServerVersion for $name {
                const LOWEST: Option<Version> = Some(($major, $minor, $patch));
            }
        )+

        const ALL: &[Version] = &[$(($major, $minor, $patch)),+];

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
        // What came with no known version. Were there one impl alone, rustc would quote it in every message.
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

// What came with an older version than the first came with that, as far as can be declared.
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

/// For the rows of [`commands!`](crate::commands): the place of the first version that has what came with `since`.
#[doc(hidden)]
pub const fn version_index(since: &str) -> usize {
    let Some(since) = parse(since.as_bytes()) else { panic!("`since` must be a version of Redis, such as \"7.0.0\"") };
    let mut place = 0;
    while place < ALL.len() && older(ALL[place], since) {
        place += 1;
    }
    place
}

/// Reads a version such as `7.0.15`; what is behind its third number does not count.
pub(crate) const fn parse(text: &[u8]) -> Option<Version> {
    let mut numbers = [0; 3];
    let (mut number, mut at, mut digits) = (0, 0, 0);
    while at < text.len() && number < 3 {
        match text[at] {
            digit @ b'0'..=b'9' if digits < 6 => {
                numbers[number] = numbers[number] * 10 + (digit - b'0') as u32;
                digits += 1;
            }
            b'.' if digits > 0 => (number, digits) = (number + 1, 0),
            _ if number < 2 || digits == 0 => return None,
            _ => break,
        }
        at += 1;
    }
    let complete = number == 3 || number > 0 && digits > 0;
    if complete { Some((numbers[0], numbers[1], numbers[2])) } else { None }
}

/// Tells whether `version` is older than `other`.
pub(crate) const fn older(version: Version, other: Version) -> bool {
    if version.0 != other.0 {
        return version.0 < other.0;
    }
    if version.1 != other.1 {
        return version.1 < other.1;
    }
    version.2 < other.2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_with_what_servers_put_behind_them() {
        assert_eq!(parse(b"7.0.15"), Some((7, 0, 15)));
        assert_eq!(parse(b"8.0"), Some((8, 0, 0)));
        assert_eq!(parse(b"8.0.0-rc1"), Some((8, 0, 0)));
        assert_eq!(parse(b"255.255.255"), Some((255, 255, 255)));
        for text in ["", "8", "8.", "x", "8.x", ".8", "8..1", "99999999.0.0"] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn what_came_between_two_versions_came_with_the_newer_one() {
        assert_eq!(version_index("1.0.0"), version_index("5.0.0"));
        assert_eq!(ALL[version_index("6.0.0")], (6, 0, 0));
        assert_eq!(ALL[version_index("6.0.1")], (6, 0, 6));
        assert_eq!(ALL[version_index("7.0.1")], (7, 2, 0));
        assert_eq!(version_index("99.0.0"), ALL.len());
    }
}
