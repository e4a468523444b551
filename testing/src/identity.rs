//! What a server says of itself in INFO.

/// Who made a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vendor {
    /// Redis, or a server that says it is one.
    Redis,
    /// Valkey, which reports two versions: its own, and that of the Redis which it resembles.
    Valkey,
}

/// Major, minor and patch.
pub(crate) type Version = (u64, u64, u64);

/// The fields of INFO that identify a server.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Identity {
    pub(crate) vendor: Vendor,
    /// The vendor's version. The versions and the process are absent if the server refuses INFO.
    pub(crate) version: Option<Version>,
    /// The version of Redis that the server is, or resembles.
    pub(crate) redis_version: Option<Version>,
    pid: Option<u32>,
}

impl Identity {
    /// Reads the reply to INFO; an empty text is that of a server that refuses it.
    pub(crate) fn read(info: &str) -> Self {
        let field = |name: &str| info.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        let redis_version = field("redis_version").and_then(parse_version);
        let valkey_version = field("valkey_version").and_then(parse_version);
        Self {
            vendor: if valkey_version.is_some() { Vendor::Valkey } else { Vendor::Redis },
            version: valkey_version.or(redis_version),
            redis_version,
            pid: field("process_id").and_then(|pid| pid.trim().parse().ok()),
        }
    }

    /// Returns whether the process is the one that was started, or `None` if the server does not tell; a server of another
    /// test may have taken the port.
    pub(crate) fn is_of(&self, pid: u32) -> Option<bool> {
        self.pid.map(|told| told == pid)
    }
}

pub(crate) fn parse_version(text: &str) -> Option<Version> {
    let mut parts = text.trim().split('.').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??, parts.next()??))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn valkey_tells_its_own_version_beside_the_redis_version_it_resembles() {
        let identity = Identity::read("redis_version:7.2.4\r\nvalkey_version:8.1.3\r\nprocess_id:12\r\n");
        assert_eq!((identity.vendor, identity.version), (Vendor::Valkey, Some((8, 1, 3))));
        assert_eq!(identity.redis_version, Some((7, 2, 4)));
        assert_eq!((identity.is_of(12), identity.is_of(13)), (Some(true), Some(false)));
    }

    #[test]
    fn a_server_without_a_version_of_valkey_is_redis() {
        let identity = Identity::read("redis_version:7.0.15\r\n");
        assert_eq!((identity.vendor, identity.version), (Vendor::Redis, Some((7, 0, 15))));
        assert_eq!(identity.redis_version, identity.version);
        assert!(Identity::read("").version.is_none() && Identity::read("").is_of(1).is_none());
    }
}
