//! Replies of the commands on vector sets.

use crate::{
    reply::{Any, FromReply},
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

/// The facts of a vector set, the reply of [`vinfo`](crate::commands::VectorSetCommands::vinfo).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct VectorSetInfo {
    /// How the numbers of vectors are kept.
    pub quantization: Quantization,
    /// The number of neighbours that each element is linked with.
    pub links: u64,
    /// The number of dimensions.
    pub dimensions: u64,
    /// The number of dimensions of the vectors that are projected to them, or 0 without a projection (REDUCE).
    pub projected_from: u64,
    /// The number of elements.
    pub size: u64,
    /// The highest level of the graph of links.
    pub max_level: u64,
    /// The number of elements with attributes.
    pub attributes: u64,
}

#[diagnostic::do_not_recommend]
impl FromReply<Any> for VectorSetInfo {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mut info = VectorSetInfo {
            quantization: Quantization::Other("".into()),
            links: 0,
            dimensions: 0,
            projected_from: 0,
            size: 0,
            max_level: 0,
            attributes: 0,
        };
        for _ in 0..reader.map()? {
            let number = match reader.text()? {
                "quant-type" => {
                    info.quantization = Quantization::read(reader)?;
                    continue;
                }
                "hnsw-m" => &mut info.links,
                "vector-dim" => &mut info.dimensions,
                "projection-input-dim" => &mut info.projected_from,
                "size" => &mut info.size,
                "max-level" => &mut info.max_level,
                "attributes-count" => &mut info.attributes,
                _ => {
                    reader.ignore()?;
                    continue;
                }
            };
            *number = FromReply::<Any>::read(reader)?;
        }
        Ok(info)
    }
}
