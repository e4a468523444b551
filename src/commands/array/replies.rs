//! Replies of the commands on arrays.

use crate::reply::record::records;

records! {
    /// The facts of an array, the reply of [`arinfo`](crate::commands::ArrayCommands::arinfo) and
    /// [`arinfo_full`](crate::commands::ArrayCommands::arinfo_full).
    pub struct ArrayInfo {
        /// The number of elements.
        count: u64 = "count" or default,
        /// The highest index with an element, and one.
        len: u64 = "len" or default,
        /// The index that the next ARINSERT fills.
        next_insert_index: u64 = "next-insert-index" or default,
        /// The number of slices that the array consists of.
        slices: u64 = "slices" or default,
        /// The number of elements that a slice has room for.
        slice_size: u64 = "slice-size" or default,
        /// The size of the directory of slices.
        directory_size: u64 = "directory-size" or default,
        /// The number of directories of directories.
        super_dir_entries: u64 = "super-dir-entries" or default,
        /// The number of slices with many elements; by FULL alone.
        dense_slices: Option<u64> = "dense-slices" or default,
        /// The number of slices with few elements; by FULL alone.
        sparse_slices: Option<u64> = "sparse-slices" or default,
        /// The average size of a slice with many elements; by FULL alone.
        avg_dense_size: Option<f64> = "avg-dense-size" or default,
        /// The average share of a slice with many elements that is filled; by FULL alone.
        avg_dense_fill: Option<f64> = "avg-dense-fill" or default,
        /// The average size of a slice with few elements; by FULL alone.
        avg_sparse_size: Option<f64> = "avg-sparse-size" or default,
    }
}
