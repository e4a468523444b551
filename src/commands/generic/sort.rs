//! Options of SORT.

use crate::{
    command::{
        flag::{Asc, Desc},
        option::{IsUnset, Repeated, Unset, options},
    },
    key::{Anything, Reads},
    reply::{Array, Bulk, FromReply, Nullable},
    resp::{DecodeError, Reader},
};
use std::marker::PhantomData;

options! {
    /// Options of SORT, for [`sort_with`](crate::KeyCommands::sort_with): what it sorts by, in which order, which part of
    /// the result is returned, and in which form.
    ///
    /// [`new`](SortOptions::new) returns the elements themselves, [`get`](SortOptions::get) the strings at keys that are
    /// named after the elements. `R` says what is returned, `O` whether an order was given.
    ///
    /// In a pattern, `*` stands for the element, and `->` leads into a field of a hash: `user:*->name`.
    #[derive(Clone, Debug)]
    pub struct SortOptions<'a, R, O = Unset> {
        by: Option<&'a [u8]> = "BY",
        limit: Option<(u64, u64)> = "LIMIT",
        get: Repeated<&'a [u8]> = "GET",
        order: Option<&'static str>,
        alpha: bool = "ALPHA",
    }
}

impl<T> SortOptions<'_, SortElements<T>> {
    /// Makes options of which none is given: the elements are returned, as numbers in ascending order.
    pub const fn new() -> Self {
        SortOptions::getting(Vec::new())
    }
}

impl<T> Default for SortOptions<'_, SortElements<T>> {
    fn default() -> Self {
        Self::new()
    }
}

impl<'a> SortOptions<'a, SortValues<()>> {
    /// Makes options that return, instead of each element, the string at the key that `pattern` makes of it (GET); `#`
    /// is the element itself.
    ///
    /// Each is an `Option<T>`, `None` where there is no such string. With [`and_get`](SortOptions::and_get) each
    /// element becomes a tuple of them.
    pub fn get<T: FromReply<Bulk>>(pattern: &'a (impl AsRef<[u8]> + ?Sized)) -> SortOptions<'a, SortValues<(T,)>> {
        SortOptions::getting(vec![pattern.as_ref()])
    }
}

impl<'a, R> SortOptions<'a, R> {
    const fn getting(patterns: Vec<&'a [u8]>) -> Self {
        SortOptions { by: None, limit: None, get: Repeated(patterns), order: None, alpha: false, given: PhantomData }
    }
}

impl<'a, R, O> SortOptions<'a, R, O> {
    /// Sorts by the string at the key that `pattern` makes of each element, instead of by the element (BY). A pattern
    /// without `*`, such as `nosort`, leaves the elements as they are.
    pub fn by(self, pattern: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        SortOptions { by: Some(pattern.as_ref()), ..self }
    }

    /// Returns at most `count` elements, leaving out the first `offset` (LIMIT).
    pub fn limit(self, offset: u64, count: u64) -> Self {
        SortOptions { limit: Some((offset, count)), ..self }
    }

    /// Sorts from the least to the greatest, as the server does when it is not told (ASC).
    pub fn asc(self) -> SortOptions<'a, R, Asc>
    where
        O: IsUnset,
    {
        SortOptions { order: Some(Asc::WORD), ..SortOptions::retyped(self) }
    }

    /// Sorts from the greatest to the least (DESC).
    pub fn desc(self) -> SortOptions<'a, R, Desc>
    where
        O: IsUnset,
    {
        SortOptions { order: Some(Desc::WORD), ..SortOptions::retyped(self) }
    }

    /// Sorts as text, not as numbers (ALPHA).
    pub fn alpha(self) -> Self {
        SortOptions { alpha: true, ..self }
    }

    /// Returns also the string at the key that `pattern` makes of each element (GET once more), up to six in all. Needs
    /// options that began with [`get`](SortOptions::get).
    pub fn and_get<T: FromReply<Bulk>>(
        mut self,
        pattern: &'a (impl AsRef<[u8]> + ?Sized),
    ) -> SortOptions<'a, R::More, O>
    where
        R: MoreValues<T> + TakesMore,
    {
        self.get.0.push(pattern.as_ref());
        SortOptions::retyped(self)
    }
}

/// The elements themselves, read as `T`.
#[derive(Debug)]
pub struct SortElements<T>(PhantomData<fn() -> T>);

/// What was found at keys that are named after the elements: a tuple of the types that it is read as.
#[derive(Debug)]
pub struct SortValues<T>(PhantomData<fn() -> T>);

/// What is returned when a value read as `T` is added.
pub trait MoreValues<T> {
    /// The values with the added one; what takes none stays as it is.
    type More;
}

impl<E, T> MoreValues<T> for SortElements<E> {
    type More = Self;
}
impl<A, B, C, D, E, F, T> MoreValues<T> for SortValues<(A, B, C, D, E, F)> {
    type More = Self;
}

/// Values of each element to which another one can be added.
#[diagnostic::on_unimplemented(
    message = "`and_get` adds to what `SortOptions::get` began with, and these options return `{Self}`",
    label = "no pattern to add to, or six already",
    note = "begin with `SortOptions::get`; for the element itself the pattern is `#`: `SortOptions::get::<i64>(\"#\")`"
)]
pub trait TakesMore {}

/// What SORT answers, by its options.
pub trait SortReply {
    /// What it needs to know of the key's elements.
    type Need;
    /// The reply's shape.
    type Shape;
    /// The reply's type.
    type Reply: FromReply<Self::Shape>;
}

impl<T: FromReply<Bulk>> SortReply for SortElements<T> {
    type Need = Reads<T>;
    type Shape = Array<Bulk>;
    type Reply = Vec<T>;
}

impl<T: FromReply<Bulk>> SortReply for SortValues<(T,)> {
    type Need = Anything;
    type Shape = Array<Nullable<Bulk>>;
    type Reply = Vec<Option<T>>;
}

/// The shape of a reply of several values for each element, one after the other.
#[derive(Debug)]
pub struct SortRows;

macro_rules! found {
    ($(($($type:ident),+), $next:ident, $len:literal;)*) => {$(
        impl<$($type,)+ $next> MoreValues<$next> for SortValues<($($type,)+)> {
            type More = SortValues<($($type,)+ $next)>;
        }
        #[diagnostic::do_not_recommend]
        impl<$($type,)+> TakesMore for SortValues<($($type,)+)> {}

        impl<$($type: FromReply<Bulk>,)+ $next: FromReply<Bulk>> SortReply for SortValues<($($type,)+ $next)> {
            type Need = Anything;
            type Shape = SortRows;
            type Reply = Vec<($(Option<$type>,)+ Option<$next>)>;
        }

        #[diagnostic::do_not_recommend]
        impl<$($type: FromReply<Bulk>,)+ $next: FromReply<Bulk>> FromReply<SortRows>
            for Vec<($(Option<$type>,)+ Option<$next>)>
        {
            fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
                let count = reader.array()?;
                if count % $len != 0 {
                    return Err(DecodeError::mismatch(concat!("rows of ", $len), format!("an array of {count} elements")));
                }
                (0..count / $len)
                    .map(|_| Ok(($(nullable::<$type>(reader)?,)+ nullable::<$next>(reader)?)))
                    .collect()
            }
        }
    )*};
}

found! {
    (A), B, 2;
    (A, B), C, 3;
    (A, B, C), D, 4;
    (A, B, C, D), E, 5;
    (A, B, C, D, E), F, 6;
}

fn nullable<T: FromReply<Bulk>>(reader: &mut Reader<'_>) -> Result<Option<T>, DecodeError> {
    FromReply::<Nullable<Bulk>>::read(reader)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::option::encoded;

    #[test]
    fn options_of_sort_are_its_words() {
        assert_eq!(encoded(&SortOptions::<SortElements<i64>>::new()), "");
        assert_eq!(encoded(&SortOptions::<SortElements<i64>>::default().alpha().asc()), "ASC ALPHA");
        let all = SortOptions::get::<String>("#").and_get::<i64>("b*").desc().alpha().limit(1, 2).by("w*");
        assert_eq!(encoded(&all), "BY w* LIMIT 1 2 GET # GET b* DESC ALPHA");
    }
}
