//! Version numbers and the vendors that count by them.

use std::fmt;

/// The maker of a server, whose versions count by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Vendor {
    /// Redis, and servers that report a version of Redis and no other.
    Redis,
    /// Valkey, whatever version of Redis it reports beside its own.
    Valkey,
}

impl fmt::Display for Vendor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Vendor::Redis => "Redis",
            Vendor::Valkey => "Valkey",
        })
    }
}

/// A version of a server.
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
    pub(super) const fn is_older_than(self, other: Version) -> bool {
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

pub(super) const fn checked(version: &str) -> Version {
    match parse(version.as_bytes()) {
        Some(version) => version,
        None => panic!("a version is made of numbers, such as \"7.0.0\""),
    }
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
}
