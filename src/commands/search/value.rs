//! The values of indexed fields: text, tags, positions and vectors.

use crate::{
    argument::Argument,
    commands::geo::Position,
    reply::{Bulk, FromReply},
    resp::{DecodeError, Reader, Writer},
};
use bytes::Bytes;
use std::{borrow::Cow, sync::Arc};

/// A value whose words can be searched: text. For a type of your own, that is stored as text, implement it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not text whose words can be searched",
    label = "expected text, such as `String`",
    note = "a type of your own that is stored as text implements `typedis::commands::search::TextValue`"
)]
pub trait TextValue {}

macro_rules! text {
    ($($type:ty),*) => { $(impl TextValue for $type {})* };
}
text! { String, Box<str>, Arc<str>, Cow<'_, str> }

/// A value of a field with tags. For a type of your own, such as an enum that is stored as text, implement it with
/// `type One = Self`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no tag",
    label = "expected text, a whole number, `bool` or `Tags`",
    note = "a type of your own implements `typedis::commands::search::TagValue`"
)]
pub trait TagValue {
    /// The type of one tag, as which queries take it.
    type One;
    /// What stands between the tags of a type that stores several in one field. A field of this type cannot declare another separator.
    const SEPARATOR: Option<char> = None;
}

macro_rules! tags {
    ($($type:ty),*) => {$(
        impl TagValue for $type {
            type One = $type;
        }
    )*};
}
tags! { String, Box<str>, Arc<str>, Bytes, bool, i8, i16, i32, i64, isize, u16, u32, u64, usize }

/// Several tags of one field, which are stored with commas between them.
///
/// A tag with a comma in it is an [`Error::Argument`](crate::Error::Argument) when it is written.
///
/// ```
/// use typedis::commands::search::Tags;
///
/// let tags = Tags::from(["red", "sale"]);
/// assert_eq!(tags.iter().collect::<Vec<_>>(), ["red", "sale"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tags(Vec<String>);

impl Tags {
    /// Returns the tags, in their order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl<T: Into<String>, const N: usize> From<[T; N]> for Tags {
    fn from(tags: [T; N]) -> Self {
        tags.into_iter().collect()
    }
}
impl<T: Into<String>> FromIterator<T> for Tags {
    fn from_iter<I: IntoIterator<Item = T>>(tags: I) -> Self {
        Tags(tags.into_iter().map(Into::into).collect())
    }
}

impl TagValue for Tags {
    type One = String;
    const SEPARATOR: Option<char> = Some(',');
}

impl Argument for Tags {
    fn write(&self, out: &mut Writer) {
        if self.0.iter().any(|tag| tag.contains(',')) {
            out.reject("a tag of `Tags` has no comma in it, since commas separate them");
        }
        out.bulk(self.0.join(",").as_bytes());
    }
}
crate::value!(Tags);
impl FromReply<Bulk> for Tags {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let tags = reader.text()?.split(',').map(str::trim).filter(|tag| !tag.is_empty());
        Ok(tags.map(str::to_owned).collect())
    }
}

/// A value that is indexed as a position: [`GeoPoint`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no position that can be indexed",
    label = "expected a `GeoPoint`",
    note = "`geo` is for fields of the type `typedis::commands::search::GeoPoint`"
)]
pub trait GeoValue {}
impl GeoValue for GeoPoint {}

/// A position on the earth as the value of a field, which is stored as `longitude,latitude`.
///
/// A position that no index takes is an [`Error::Argument`](crate::Error::Argument) when it is written.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct GeoPoint(pub Position);

impl GeoPoint {
    /// Makes a position of its longitude and its latitude, in degrees.
    pub const fn new(longitude: f64, latitude: f64) -> Self {
        GeoPoint(Position::new(longitude, latitude))
    }
}

impl Argument for GeoPoint {
    fn write(&self, out: &mut Writer) {
        if let Some(objection) = self.0.objection() {
            out.reject(objection);
        }
        out.bulk(format!("{},{}", self.0.longitude, self.0.latitude).as_bytes());
    }
}
crate::value!(GeoPoint);
impl FromReply<Bulk> for GeoPoint {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let text = reader.text()?;
        let parts =
            text.split_once(',').map(|(longitude, latitude)| (longitude.trim().parse(), latitude.trim().parse()));
        match parts {
            Some((Ok(longitude), Ok(latitude))) => Ok(GeoPoint::new(longitude, latitude)),
            _ => Err(DecodeError::mismatch("a position `longitude,latitude`", text.escape_debug())),
        }
    }
}

/// A value that is indexed as a vector: [`Vector`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no vector that can be indexed",
    label = "expected a `Vector<N>`",
    note = "`vector(..)` is for fields of the type `typedis::commands::search::Vector<N>`"
)]
pub trait VectorValue {
    /// The number of components.
    const DIMENSION: u64;
    /// The server's name of a component's type.
    const TYPE: &'static str;

    /// Returns the bytes that the vector is stored as.
    fn to_bytes(&self) -> Vec<u8>;
}

/// A vector of `N` components, such as an embedding, which is stored as its `f32`s in the order of little-endian bytes.
///
/// ```
/// use typedis::commands::search::Vector;
///
/// let vector = Vector([0.5, 1.0]);
/// assert_eq!(vector.0[1], 1.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Vector<const N: usize>(pub [f32; N]);

impl<const N: usize> VectorValue for Vector<N> {
    const DIMENSION: u64 = N as u64;
    const TYPE: &'static str = "FLOAT32";

    fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|component| component.to_le_bytes()).collect()
    }
}

impl<const N: usize> Argument for Vector<N> {
    fn write(&self, out: &mut Writer) {
        out.bulk(&self.to_bytes());
    }
}
crate::value!([const N: usize] Vector<N>);
impl<const N: usize> FromReply<Bulk> for Vector<N> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let bytes = reader.bytes()?;
        let (components, rest) = (bytes.chunks_exact(4), bytes.len() % 4);
        let components: Vec<f32> =
            components.map(|bytes| bytes.try_into().map(f32::from_le_bytes).unwrap_or_default()).collect();
        match <[f32; N]>::try_from(components) {
            Ok(components) if rest == 0 => Ok(Vector(components)),
            _ => Err(DecodeError::mismatch(&format!("a vector of {N} components"), format!("{} bytes", bytes.len()))),
        }
    }
}
