//! Replies of the commands on vector sets.

use crate::{
    reply::{Any, FromReply, record::records},
    resp::{DecodeError, Reader},
};
use bytes::Bytes;

/// How a vector set keeps the numbers of its vectors.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Quantization {
    /// As an `f32` each (NOQUANT).
    Float32,
    /// In 8 bits each (Q8).
    Int8,
    /// As its sign alone (BIN).
    Binary,
    /// In another way, by the server's name.
    Other(Box<str>),
}

#[diagnostic::do_not_recommend]
impl FromReply<Any> for Quantization {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(match reader.text()? {
            "f32" => Quantization::Float32,
            "int8" => Quantization::Int8,
            "bin" => Quantization::Binary,
            other => Quantization::Other(other.into()),
        })
    }
}

/// A vector as the server keeps it, the reply of [`vemb_raw`](crate::commands::VectorSetCommands::vemb_raw).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RawVector {
    /// How its numbers are kept.
    pub quantization: Quantization,
    /// The numbers, of a vector of the length 1.
    pub bytes: Bytes,
    /// The length that the vector had when it was added.
    pub norm: f64,
    /// The greatest absolute number, which 127 stands for; of [`Int8`](Quantization::Int8) alone.
    pub range: Option<f64>,
}

#[diagnostic::do_not_recommend]
impl FromReply<Any> for RawVector {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let parts = reader.array()?;
        if parts < 3 {
            return Err(DecodeError::mismatch("a vector as it is kept", format!("an array of {parts} elements")));
        }
        let (quantization, bytes, norm) = (Quantization::read(reader)?, reader.shared()?, reader.double()?);
        let range = if parts > 3 { Some(reader.double()?) } else { None };
        (4..parts).try_for_each(|_| reader.ignore())?;
        Ok(RawVector { quantization, bytes, norm, range })
    }
}

records! {
    /// The facts of a vector set, the reply of [`vinfo`](crate::commands::VectorSetCommands::vinfo).
    #[derive(Eq)]
    pub struct VectorSetInfo {
        /// How the numbers of vectors are kept.
        quantization: Quantization = "quant-type" by Quantization::read,
        /// The number of neighbours that each element is linked with.
        links: u64 = "hnsw-m",
        /// The number of dimensions.
        dimensions: u64 = "vector-dim",
        /// The number of dimensions of the vectors that are projected to them, or 0 without a projection (REDUCE).
        projected_from: u64 = "projection-input-dim",
        /// The number of elements.
        size: u64 = "size",
        /// The highest level of the graph of links.
        max_level: u64 = "max-level",
        /// The number of elements with attributes.
        attributes: u64 = "attributes-count",
    }
}
