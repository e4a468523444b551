//! The types of values, by the server's own names.

/// The types of values, each with the server's name.
macro_rules! key_types {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// The type of a key's value, by the name that TYPE returns.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum KeyType {
            $($(#[$doc])* $variant,)+
            /// A type that a module of the server adds.
            Other(Box<str>),
        }

        impl KeyType {
            /// Returns the server's own name of the type, such as `zset`.
            pub fn name(&self) -> &str {
                match self {
                    $(KeyType::$variant => $name,)+
                    KeyType::Other(name) => name,
                }
            }

            /// Returns the type of the server's name `name`.
            pub(crate) fn named(name: &str) -> KeyType {
                match name {
                    $($name => KeyType::$variant,)+
                    other => KeyType::Other(other.into()),
                }
            }
        }
    };
}

key_types! {
    /// A string.
    String = "string",
    /// A list.
    List = "list",
    /// A set.
    Set = "set",
    /// A sorted set, which the server calls `zset`.
    SortedSet = "zset",
    /// A hash.
    Hash = "hash",
    /// A stream.
    Stream = "stream",
    /// A vector set.
    VectorSet = "vectorset",
    /// An array.
    Array = "array",
    /// A Bloom filter, of the module `bf`.
    BloomFilter = "MBbloom--",
    /// A Cuckoo filter, of the module `bf`.
    CuckooFilter = "MBbloomCF",
    /// A count-min sketch, of the module `bf`.
    CountMinSketch = "CMSk-TYPE",
    /// A list of the most frequent items, of the module `bf`.
    TopK = "TopK-TYPE",
    /// A t-digest, of the module `bf`.
    TDigest = "TDIS-TYPE",
    /// A JSON document, of the module `ReJSON`.
    Json = "ReJSON-RL",
    /// A dictionary of suggestions, of the module `search`.
    Suggestions = "trietype0",
    /// A time series, of the module `timeseries`.
    TimeSeries = "TSDB-TYPE",
}
