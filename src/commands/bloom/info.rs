//! The replies of the INFO commands of the module `bf`: the module's names become fields, and unknown names are skipped.

use crate::{
    command::option::words,
    reply::{Double, Integer, Nullable, record::records},
};

records! {
    /// The facts of a Bloom filter: the reply of BF.INFO.
    #[derive(Copy)]
    pub struct BloomFilterInfo {
        /// The number of items that the filter has room for before it grows.
        capacity: u64 = "Capacity" as Integer,
        /// The memory that the filter takes, in bytes.
        size: u64 = "Size" as Integer,
        /// The number of layers.
        filters: u64 = "Number of filters" as Integer,
        /// The number of items that were added as new ones.
        items: u64 = "Number of items inserted" as Integer,
        /// The growth of each layer; `None` for a filter that does not grow.
        expansion: Option<u64> = "Expansion rate" as Nullable<Integer>,
    }

    /// The facts of a Cuckoo filter: the reply of CF.INFO.
    #[derive(Copy)]
    pub struct CuckooFilterInfo {
        /// The memory that the filter takes, in bytes.
        size: u64 = "Size" as Integer,
        /// The number of buckets.
        buckets: u64 = "Number of buckets" as Integer,
        /// The number of layers.
        filters: u64 = "Number of filters" as Integer,
        /// The number of items that were added.
        items: u64 = "Number of items inserted" as Integer,
        /// The number of items that were deleted.
        deleted: u64 = "Number of items deleted" as Integer,
        /// The number of items in each bucket.
        bucket_size: u64 = "Bucket size" as Integer,
        /// The growth of each layer; 0 for a filter that does not grow.
        expansion: u64 = "Expansion rate" as Integer,
        /// How often items are moved to make room.
        max_iterations: u64 = "Max iterations" as Integer,
    }

    /// The facts of a count-min sketch: the reply of CMS.INFO.
    #[derive(Copy)]
    pub struct CountMinSketchInfo {
        /// The number of counters in each row.
        width: u64 = "width" as Integer,
        /// The number of rows.
        depth: u64 = "depth" as Integer,
        /// The sum of all increments, also of those that a full counter did not take; it wraps.
        count: i64 = "count" as Integer,
    }

    /// The facts of a top-k list: the reply of TOPK.INFO.
    #[derive(Copy)]
    pub struct TopKInfo {
        /// The number of items in the list.
        k: u64 = "k" as Integer,
        /// The number of counters in each row.
        width: u64 = "width" as Integer,
        /// The number of rows.
        depth: u64 = "depth" as Integer,
        /// The probability with which the counter of a colliding item is reduced.
        decay: f64 = "decay" as Double,
    }

    /// The facts of a t-digest: the reply of TDIGEST.INFO.
    #[derive(Copy)]
    pub struct TDigestInfo {
        /// The compression: the higher, the more exact and the larger.
        compression: u64 = "Compression" as Integer,
        /// The number of centroids that there is room for.
        capacity: u64 = "Capacity" as Integer,
        /// The number of merged centroids.
        merged_nodes: u64 = "Merged nodes" as Integer,
        /// The number of samples that are not merged yet.
        unmerged_nodes: u64 = "Unmerged nodes" as Integer,
        /// The weight of the merged centroids.
        merged_weight: f64 = "Merged weight" as Double,
        /// The weight of the samples that are not merged yet.
        unmerged_weight: f64 = "Unmerged weight" as Double,
        /// The number of samples.
        observations: u64 = "Observations" as Integer,
        /// How often samples were merged.
        total_compressions: u64 = "Total compressions" as Integer,
        /// The memory that the digest takes, in bytes.
        memory_usage: u64 = "Memory usage" as Integer,
    }
}

words! {
    /// One fact of a Bloom filter, for [`bf_info_field`](super::BloomFilterCommands::bf_info_field).
    pub enum BloomInfoField {
        /// The number of items that the filter has room for before it grows.
        Capacity = "CAPACITY",
        /// The memory that the filter takes, in bytes.
        Size = "SIZE",
        /// The number of layers.
        Filters = "FILTERS",
        /// The number of items that were added as new ones.
        Items = "ITEMS",
        /// The growth of each layer, which a filter that does not grow has not.
        Expansion = "EXPANSION",
    }
}
