//! Kinds of key that a row can need. A unit test compares this table with the list of kinds in typedis.

use proc_macro2::Ident;

/// A kind of key.
pub(super) struct Kind {
    /// The word in a row.
    pub(super) word: &'static str,
    /// The types of value that satisfy the need, as variants of `KeyType`; none if every type does.
    pub(super) types: &'static [&'static str],
    /// The type of the need in the analysis of literal keys.
    pub(super) literal: &'static str,
}

/// The kinds of the server. A row with another kind does not compile, because the analysis would not know its keys.
pub(super) const KINDS: [Kind; 20] = [
    Kind { word: "Str", types: &["String"], literal: "a_string" },
    Kind { word: "List", types: &["List"], literal: "a_list" },
    Kind { word: "Set", types: &["Set"], literal: "a_set" },
    Kind { word: "SortedSet", types: &["SortedSet"], literal: "a_sorted_set" },
    Kind { word: "Hash", types: &["Hash"], literal: "a_hash" },
    Kind { word: "VectorSet", types: &["VectorSet"], literal: "a_vector_set" },
    Kind { word: "Array", types: &["Array"], literal: "an_array" },
    Kind { word: "Sortable", types: &["List", "Set", "SortedSet"], literal: "a_list_or_set_or_sorted_set" },
    Kind { word: "AnySet", types: &["Set", "SortedSet"], literal: "a_set_or_sorted_set" },
    Kind { word: "AnyKind", types: &[], literal: "nothing" },
    Kind { word: "SameAs", types: &[], literal: "nothing" },
    Kind { word: NOT_KEY, types: &[], literal: "nothing" },
    Kind { word: "Stream", types: &["Stream"], literal: "a_stream" },
    Kind { word: "BloomFilter", types: &["BloomFilter"], literal: "a_bloom_filter" },
    Kind { word: "CuckooFilter", types: &["CuckooFilter"], literal: "a_cuckoo_filter" },
    Kind { word: "CountMinSketch", types: &["CountMinSketch"], literal: "a_count_min_sketch" },
    Kind { word: "TopK", types: &["TopK"], literal: "a_top_k" },
    Kind { word: "TDigest", types: &["TDigest"], literal: "a_t_digest" },
    Kind { word: "Json", types: &["Json"], literal: "a_json_document" },
    Kind { word: "TimeSeries", types: &["TimeSeries"], literal: "a_time_series" },
];

/// Kinds that the server stores as one of the others, so that literal keys of both are judged alike.
pub(super) const VIEWS: [Kind; 3] = [
    Kind { word: "Geo", types: &["SortedSet"], literal: "a_sorted_set" },
    Kind { word: "Bitmap", types: &["String"], literal: "a_string" },
    Kind { word: "HyperLogLog", types: &["String"], literal: "a_string" },
];

/// The word of an argument that is no key, and is routed as one.
pub(super) const NOT_KEY: &str = "NotKey";

/// The kind of strings, which pairs of keys and values have.
pub(super) const STRING: &Kind = &KINDS[0];

/// The kind of a key of unknown kind, beside the error about that kind.
pub(super) const ANY: &Kind = &KINDS[9];

pub(super) fn kind(word: &Ident) -> Option<&'static Kind> {
    all().find(|kind| word == kind.word)
}

/// Every kind that a row can need.
pub(super) fn all() -> impl Iterator<Item = &'static Kind> {
    KINDS.iter().chain(&VIEWS)
}
