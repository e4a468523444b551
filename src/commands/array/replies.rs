//! Replies of the commands on arrays.

use crate::{
    reply::{Any, FromReply},
    resp::{DecodeError, Reader},
};

/// The facts of an array, the reply of [`arinfo`](crate::commands::ArrayCommands::arinfo) and
/// [`arinfo_full`](crate::commands::ArrayCommands::arinfo_full).
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ArrayInfo {
    /// The number of elements.
    pub count: u64,
    /// The highest index with an element, and one.
    pub len: u64,
    /// The index that the next ARINSERT fills.
    pub next_insert_index: u64,
    /// The number of slices that the array consists of.
    pub slices: u64,
    /// The number of elements that a slice has room for.
    pub slice_size: u64,
    /// The size of the directory of slices.
    pub directory_size: u64,
    /// The number of directories of directories.
    pub super_dir_entries: u64,
    /// The number of slices with many elements; by FULL alone.
    pub dense_slices: Option<u64>,
    /// The number of slices with few elements; by FULL alone.
    pub sparse_slices: Option<u64>,
    /// The average size of a slice with many elements; by FULL alone.
    pub avg_dense_size: Option<f64>,
    /// The average share of a slice with many elements that is filled; by FULL alone.
    pub avg_dense_fill: Option<f64>,
    /// The average size of a slice with few elements; by FULL alone.
    pub avg_sparse_size: Option<f64>,
}

#[diagnostic::do_not_recommend]
impl FromReply<Any> for ArrayInfo {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mut info = ArrayInfo::default();
        for _ in 0..reader.map()? {
            match reader.text()? {
                "count" => info.count = FromReply::<Any>::read(reader)?,
                "len" => info.len = FromReply::<Any>::read(reader)?,
                "next-insert-index" => info.next_insert_index = FromReply::<Any>::read(reader)?,
                "slices" => info.slices = FromReply::<Any>::read(reader)?,
                "slice-size" => info.slice_size = FromReply::<Any>::read(reader)?,
                "directory-size" => info.directory_size = FromReply::<Any>::read(reader)?,
                "super-dir-entries" => info.super_dir_entries = FromReply::<Any>::read(reader)?,
                "dense-slices" => info.dense_slices = FromReply::<Any>::read(reader)?,
                "sparse-slices" => info.sparse_slices = FromReply::<Any>::read(reader)?,
                "avg-dense-size" => info.avg_dense_size = FromReply::<Any>::read(reader)?,
                "avg-dense-fill" => info.avg_dense_fill = FromReply::<Any>::read(reader)?,
                "avg-sparse-size" => info.avg_sparse_size = FromReply::<Any>::read(reader)?,
                _ => reader.ignore()?,
            }
        }
        Ok(info)
    }
}
