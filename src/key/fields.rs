//! Hashes whose fields are those of a struct, for [`derive(HashFields)`](derive@crate::HashFields).

use super::{
    kind::{Hash, HashValue},
    need::FieldsOf,
    satisfies::Satisfies,
};
use crate::{
    argument::{Argument, Arguments, StoredAs},
    reply::{Array, Bulk, FromReply, Map, Nullable},
    resp::{DecodeError, Reader, Writer},
};
use std::{fmt, marker::PhantomData};

/// A struct whose fields are those of a hash, by [`derive(HashFields)`](derive@crate::HashFields).
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say which fields its hash has",
    label = "not a struct with `#[derive(HashFields)]`",
    note = "write `#[derive(typedis::HashFields)]` on a struct of your own"
)]
pub trait HashFields: FromReply<Map<Bulk, Bulk>> + FromReply<Array<Nullable<Bulk>>> {
    /// The names of the fields in the hash, in the order of the struct.
    const NAMES: &'static [&'static str];

    /// Reads the struct from the fields of a reply.
    #[doc(hidden)]
    fn collect(fields: &mut FieldReader<'_, '_>) -> Result<Self, DecodeError>;

    /// Returns how many fields [`write_fields`](HashFields::write_fields) writes.
    #[doc(hidden)]
    fn count_fields(&self) -> usize;

    /// Writes each field's name and value.
    #[doc(hidden)]
    fn write_fields(&self, out: &mut Writer);
}

/// The value of one field of a hash: a type that is written as one argument and read from a string.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a field of a hash",
    label = "not text, bytes or a number",
    note = "a field holds one value; for a type of your own implement `typedis::argument::Argument` and `typedis::reply::FromReply<Bulk>`, and add `typedis::value!({Self});`"
)]
pub trait FieldValue: Argument + FromReply<Bulk> {}

#[diagnostic::do_not_recommend]
impl<V: Argument + FromReply<Bulk>> FieldValue for V {}

/// One field, of the value `V`, of a hash whose fields are those of the struct `S`. The derive of [`HashFields`] makes a
/// constant for each field, such as `Account::BALANCE`.
pub struct Field<S, V> {
    name: &'static str,
    read: fn(&mut Reader<'_>) -> Result<V, DecodeError>,
    write: fn(&V, &mut Writer),
    of: PhantomData<fn() -> S>,
}

impl<S, V> Field<S, V> {
    /// For the derive: makes a field. The bound `FieldValue` stands here only, so that rustc reports it once.
    #[doc(hidden)]
    pub const fn new(name: &'static str) -> Self
    where
        V: FieldValue,
    {
        Field { name, read: V::read, write: <V as Argument>::write, of: PhantomData }
    }

    /// Returns the field's name in the hash.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// For the derive: writes the field with its value.
    #[doc(hidden)]
    pub fn write_with(&self, value: &V, out: &mut Writer) {
        self.name.write(out);
        (self.write)(value, out);
    }
}

impl<S, V> Clone for Field<S, V> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<S, V> Copy for Field<S, V> {}
impl<S, V> fmt::Debug for Field<S, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Field").field(&self.name).finish()
    }
}

impl<S, V> Argument for Field<S, V> {
    fn write(&self, out: &mut Writer) {
        out.bulk(self.name.as_bytes());
    }
}
impl<S, V> Arguments for Field<S, V> {
    type Item = Self;
    fn count(&self) -> usize {
        1
    }
    fn write_all(&self, out: &mut Writer) {
        self.write(out);
    }
}

#[diagnostic::do_not_recommend]
impl<S: HashFields> Satisfies<Hash<FieldsOf<S>>> for Hash<S> {}
#[diagnostic::do_not_recommend]
impl<S: HashFields> Satisfies<Hash<FieldsOf<S>>> for Hash<Option<S>> {}

/// The value type of a hash that is the struct `S`, whose fields have a type each. It is documented because compile
/// errors name it: rustc names hidden items by their whole path.
#[derive(Debug)]
pub struct ValuesOf<S>(PhantomData<fn() -> S>);

#[diagnostic::do_not_recommend]
impl<S> StoredAs<ValuesOf<S>> for ValuesOf<S> {}

#[diagnostic::do_not_recommend]
impl<S: HashFields> HashValue for Option<S> {
    type Field = String;
    type Value = ValuesOf<S>;
}

/// A hash that need not exist: `None` where it has none of the fields.
#[diagnostic::do_not_recommend]
impl<S: HashFields> HashFields for Option<S> {
    const NAMES: &'static [&'static str] = S::NAMES;

    fn collect(fields: &mut FieldReader<'_, '_>) -> Result<Self, DecodeError> {
        let collected = S::collect(fields);
        if fields.found_nothing() { Ok(None) } else { collected.map(Some) }
    }
    fn count_fields(&self) -> usize {
        self.as_ref().map_or(0, S::count_fields)
    }
    fn write_fields(&self, out: &mut Writer) {
        self.iter().for_each(|fields| fields.write_fields(out));
    }
}

#[diagnostic::do_not_recommend]
impl<S: HashFields> FromReply<Map<Bulk, Bulk>> for Option<S> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        from_map(reader)
    }
}
#[diagnostic::do_not_recommend]
impl<S: HashFields> FromReply<Array<Nullable<Bulk>>> for Option<S> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        from_array(reader)
    }
}

/// For the derive: reads the reply of HGETALL.
pub fn from_map<S: HashFields>(reader: &mut Reader<'_>) -> Result<S, DecodeError> {
    let left = reader.map()?;
    S::collect(&mut FieldReader { reader, names: S::NAMES, named: true, left, expected: 0, found: false })
}

/// For the derive: reads the reply of HMGET for the names of all fields.
pub fn from_array<S: HashFields>(reader: &mut Reader<'_>) -> Result<S, DecodeError> {
    let left = reader.array()?;
    if left != S::NAMES.len() {
        return Err(DecodeError::mismatch(
            &format!("{} fields", S::NAMES.len()),
            format!("an array of {left} elements"),
        ));
    }
    S::collect(&mut FieldReader { reader, names: S::NAMES, named: false, left, expected: 0, found: false })
}

/// For the derive: writes the fields for HSET.
pub fn write_fields<S: HashFields>(fields: &S, out: &mut Writer) {
    if fields.count_fields() == 0 {
        out.reject("a struct of which every field is `None`: there is nothing to store; leave the command out");
    }
    fields.write_fields(out);
}

/// For the derive: reads the fields of one hash, which come with their names (HGETALL) or in the order of the request
/// (HMGET).
#[derive(Debug)]
pub struct FieldReader<'a, 'b> {
    reader: &'a mut Reader<'b>,
    names: &'static [&'static str],
    named: bool,
    left: usize,
    /// The index of the field that comes next where the hash has the order of the struct, as one that was written from it has.
    expected: usize,
    found: bool,
}

impl FieldReader<'_, '_> {
    /// Returns the index of the next field that the struct has, and skips fields that it does not have.
    #[inline]
    pub fn next_known(&mut self) -> Result<Option<usize>, DecodeError> {
        while self.left > 0 {
            let index = self.index()?;
            self.left -= 1;
            if index.is_some() {
                self.found = true;
                return Ok(index);
            }
        }
        Ok(None)
    }

    fn index(&mut self) -> Result<Option<usize>, DecodeError> {
        if !self.named {
            let index = self.names.len() - self.left;
            return Ok(if self.reader.null()? { None } else { Some(index) });
        }
        let name = self.reader.bytes()?;
        if self.names.get(self.expected).is_some_and(|known| known.as_bytes() == name) {
            self.expected += 1;
            return Ok(Some(self.expected - 1));
        }
        let index = self.names.iter().position(|known| known.as_bytes() == name);
        match index {
            Some(index) => self.expected = index + 1,
            None => self.reader.skip()?,
        }
        Ok(index)
    }

    /// Reads the value of `field`, whose index was returned last. Inlined, because the field is a constant, and its function
    /// known then.
    #[inline]
    pub fn value<S, V>(&mut self, field: Field<S, V>) -> Result<Option<V>, DecodeError> {
        match (field.read)(self.reader) {
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(in_field(field.name, error)),
        }
    }

    /// Returns the value of a field that must exist, or an error that names the field and the struct `of`.
    pub fn required<S, V>(&self, value: Option<V>, field: Field<S, V>, of: &str) -> Result<V, DecodeError> {
        value.ok_or_else(|| {
            let name = field.name;
            let instead = if self.found_nothing() {
                format!("there is no such hash; read it as `Option<{of}>` where that may be")
            } else {
                format!("the hash has no field `{name}`; make it an `Option` where that may be")
            };
            DecodeError::Mismatch(format!("`{of}` needs a field `{name}`, and {instead}").into())
        })
    }

    /// Returns whether the whole reply was read and had none of the struct's fields.
    fn found_nothing(&self) -> bool {
        self.left == 0 && !self.found
    }
}

/// Names the field whose value could not be read.
#[cold]
fn in_field(name: &str, error: DecodeError) -> DecodeError {
    match error {
        DecodeError::Mismatch(reason) => DecodeError::Mismatch(format!("field `{name}`: {reason}").into()),
        error => error,
    }
}
