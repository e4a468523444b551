//! Structs that are read from a map by the names of its fields.

use crate::resp::{DecodeError, Reader};

/// Declares structs that are read from a map in RESP3, or from an array of names and values in RESP2.
///
/// ```text
/// /// Docs of the struct.
/// pub struct LibraryInfo {
///     /// A field that every server sends: without it the reply cannot be read.
///     name: String = "library_name",
///     /// A field that may be missing, and is the default of its type then.
///     code: Option<Bytes> = "library_code" or default,
///     /// A field with two names, which a function reads.
///     lag: Option<u64> = "lag" | "behind" by known,
///     /// A field that is read as the reply of a shape.
///     size: f64 = "size" as Double,
/// } and others
/// ```
///
/// Without a shape a type is one that can be read from any reply. The case of names does not count. Fields of newer servers pass:
/// they are skipped, or kept in `others` where that is declared.
macro_rules! records {
    ($(
        $(#[$meta:meta])*
        pub struct $name:ident $(<$param:ident: $bound:path>)? {
            $(
                $(#[$doc:meta])*
                $field:ident : $type:ty = $($wire:literal)|+ $(or $default:ident)? $(by $read:path)? $(as $shape:ty)?,
            )*
        } $(and $rest:ident)?
    )+) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub struct $name $(<$param>)? {
            $($(#[$doc])* pub $field: $type,)*
            $(
                /// The fields that have no name here, as newer servers may send.
                pub $rest: ::std::collections::BTreeMap<String, $crate::reply::Value>,
            )?
        }

        #[diagnostic::do_not_recommend]
        impl $(<$param: $bound>)? $crate::reply::FromReply<$crate::reply::Any> for $name $(<$param>)? {
            fn read(reader: &mut $crate::resp::Reader<'_>) -> Result<Self, $crate::resp::DecodeError> {
                $(let mut $field: Option<$type> = None;)*
                $(let mut $rest = ::std::collections::BTreeMap::new();)?
                $crate::reply::record::read_fields(reader, |name, reader| {
                    $(if $(name.eq_ignore_ascii_case($wire))||+ {
                        $field = Some($crate::reply::record::records!(@read reader $(by $read)? $(as $shape)?)?);
                        return Ok(());
                    })*
                    $crate::reply::record::records!(@other name, reader $(, $rest)?);
                    Ok(())
                })?;
                Ok($name {
                    $($field: $crate::reply::record::records!(@value $field, $($wire)|+ $(, $default)?),)*
                    $($rest,)?
                })
            }
        }

        #[diagnostic::do_not_recommend]
        impl $(<$param: $bound>)? $crate::reply::FromReply<$crate::reply::Map<$crate::reply::Bulk, $crate::reply::Any>>
            for $name $(<$param>)?
        {
            fn read(reader: &mut $crate::resp::Reader<'_>) -> Result<Self, $crate::resp::DecodeError> {
                $crate::reply::FromReply::<$crate::reply::Any>::read(reader)
            }
        }
    )+};

    (@read $reader:ident) => { $crate::reply::FromReply::<$crate::reply::Any>::read($reader) };
    (@read $reader:ident by $read:path) => { $read($reader) };
    (@read $reader:ident as $shape:ty) => { $crate::reply::FromReply::<$shape>::read($reader) };
    (@other $name:ident, $reader:ident) => { $reader.ignore()? };
    (@other $name:ident, $reader:ident, $rest:ident) => {{
        $rest.insert($name.to_owned(), $crate::reply::FromReply::<$crate::reply::Any>::read($reader)?);
    }};
    (@value $field:ident, $wire:literal $(| $alias:literal)*) => {
        $field.ok_or_else(|| $crate::reply::record::missing($wire))?
    };
    (@value $field:ident, $wire:literal $(| $alias:literal)*, default) => { $field.unwrap_or_default() };
}
pub(crate) use records;

/// Reads a map, or an array of names and values, and calls `field` for each name, to read its value.
pub(crate) fn read_fields(
    reader: &mut Reader<'_>,
    mut field: impl FnMut(&str, &mut Reader<'_>) -> Result<(), DecodeError>,
) -> Result<(), DecodeError> {
    for _ in 0..reader.map()? {
        field(reader.text()?, reader)?;
    }
    Ok(())
}

/// Returns the error of a reply without a field that every server sends.
#[cold]
pub(crate) fn missing(field: &str) -> DecodeError {
    DecodeError::mismatch("a record of known fields", format!("a map without the field `{field}`"))
}
