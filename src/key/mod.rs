//! Keys: plain ones, which fit every command, and typed ones, which fit the commands on their kind of value.

mod fields;
mod in_slot;
#[allow(clippy::module_inception, reason = "the file of the type `Key` has its name")]
mod key;
mod key_for;
mod kind;
#[cfg(any(feature = "bloom", feature = "json", feature = "time_series"))]
mod module_kinds;
pub mod need;
mod same;
mod satisfies;
mod template;
mod views;

pub use crate::row::KeyType;
pub use crate::slot::hash_slot;
pub(crate) use crate::slot::{SLOTS, SlotState};
pub use fields::{Field, FieldValue, HashFields, ValuesOf};
#[doc(hidden)]
pub use fields::{FieldReader, from_array, from_map, write_fields};
pub use in_slot::{InSlot, KeyName};
pub use key::Key;
pub use key_for::{KeyFor, KeyValues, KeysFor, SingleKey};
pub(crate) use kind::for_each_kind;
pub use kind::{
    Array, Bitmap, Geo, Hash, HashValue, HyperLogLog, Kind, List, Set, SortedSet, Str, Stream, Untyped, VectorSet,
};
#[cfg(feature = "json")]
pub use module_kinds::Json;
#[cfg(feature = "time_series")]
pub use module_kinds::TimeSeries;
#[cfg(feature = "bloom")]
pub use module_kinds::{BloomFilter, CountMinSketch, CuckooFilter, TDigest, TopK};
#[cfg(feature = "bloom")]
pub(crate) use need::Counted;
pub(crate) use need::{
    Adds, AnyKind, AnySet, Anything, ElementsOf, FieldNames, Fields, FieldsOf, FieldsWithValues, Reads, SameAs, Scored,
    Sortable, Writes,
};
pub use satisfies::{Number, Satisfies};
#[doc(hidden)]
pub use template::{KeyTemplate, constant, constant_in_slot};
