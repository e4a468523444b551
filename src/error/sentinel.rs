//! The kinds of [`Error::Sentinel`](super::Error::Sentinel).

/// The reason why Sentinels lead to no primary, or to no replica; see [`Error::Sentinel`](crate::Error::Sentinel).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SentinelErrorKind {
    /// No Sentinel could be connected to.
    Unreachable,
    /// A Sentinel knows no address of the primary yet.
    Undecided,
    /// The server that the Sentinels name says that it is a replica, as it may during a failover.
    NotPrimary,
    /// A Sentinel refused the login, or the question for the primary.
    Refused,
    /// A Sentinel knows no primary of this name.
    UnknownName,
    /// The server at the address of a Sentinel is none.
    NotSentinel,
    /// No replica can be asked, and a client that reads [`without_primary`](crate::ReplicaClient::without_primary) asks nothing
    /// else; or the primary cannot be asked either.
    NoReplica,
}

impl SentinelErrorKind {
    /// Returns whether a later attempt may succeed without any change of the settings.
    pub(crate) fn is_transient(self) -> bool {
        use SentinelErrorKind::{NoReplica, NotPrimary, Undecided, Unreachable};
        matches!(self, Unreachable | Undecided | NotPrimary | NoReplica)
    }
}
