//! The types of values, by the server's own names.

/// The type of a key's value, by the name that TYPE returns.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyType {
    /// A string.
    String,
    /// A list.
    List,
    /// A set.
    Set,
    /// A sorted set, which the server calls `zset`.
    SortedSet,
    /// A hash.
    Hash,
    /// A stream.
    Stream,
    /// A type that a module of the server adds.
    Other(Box<str>),
}

impl KeyType {
    /// Returns the server's own name of the type, such as `zset`.
    pub fn name(&self) -> &str {
        match self {
            KeyType::String => "string",
            KeyType::List => "list",
            KeyType::Set => "set",
            KeyType::SortedSet => "zset",
            KeyType::Hash => "hash",
            KeyType::Stream => "stream",
            KeyType::Other(name) => name,
        }
    }

    /// Returns the type of the server's name `name`.
    pub(crate) fn named(name: &str) -> KeyType {
        match name {
            "string" => KeyType::String,
            "list" => KeyType::List,
            "set" => KeyType::Set,
            "zset" => KeyType::SortedSet,
            "hash" => KeyType::Hash,
            "stream" => KeyType::Stream,
            other => KeyType::Other(other.into()),
        }
    }
}
