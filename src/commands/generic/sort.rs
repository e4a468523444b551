//! Options of SORT and SORT_RO, and the types of their replies.

use crate::{
    command::{
        flag::{Asc, Desc},
        option::{IsUnset, Repeated, Unset, options},
    },
    key::{Anything, Reads},
    reply::{Array, Bulk, FromReply, Nullable, SortRows},
    resp::{DecodeError, Reader},
};
use std::marker::PhantomData;

options! {
    /// Options of SORT and SORT_RO, such as for [`sort_with`](crate::commands::KeyCommands::sort_with): the sort key,
    /// the order, the part of the result, and its form.
    ///
    /// [`new`](SortOptions::new) returns the elements themselves, [`get`](SortOptions::get) the strings at keys that
    /// are named after the elements. `R` is the state of the result, `O` that of the order.
    ///
    /// In a pattern, `*` stands for the element, and `->` names a field of a hash: `user:*->name`.
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
    /// Makes options without any given: the elements are sorted as numbers in ascending order, and returned.
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
    /// Makes options that return, in place of each element, the string at the key that `pattern` makes of it (GET); the
    /// pattern `#` is the element itself.
    ///
    /// The reply is a `Vec<Option<T>>`, with `None` for each string that does not exist. After
    /// [`and_get`](SortOptions::and_get) it is a `Vec` of tuples of such options.
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
    /// Sorts by the string at the key that `pattern` makes of each element, in place of the element (BY). A pattern
    /// without `*`, such as `nosort`, keeps the order of the elements.
    pub fn by(self, pattern: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        SortOptions { by: Some(pattern.as_ref()), ..self }
    }

    /// Skips the first `offset` elements and returns at most `count` (LIMIT).
    pub fn limit(self, offset: u64, count: u64) -> Self {
        SortOptions { limit: Some((offset, count)), ..self }
    }

    /// Sorts in ascending order, which is the server's default (ASC).
    pub fn asc(self) -> SortOptions<'a, R, Asc>
    where
        O: IsUnset,
    {
        SortOptions { order: Some(Asc::WORD), ..SortOptions::retyped(self) }
    }

    /// Sorts in descending order (DESC).
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

    /// Also returns the string at the key that `pattern` makes of each element (another GET), up to six strings for
    /// each element. Needs options that are made by [`get`](SortOptions::get).
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

/// The state of [`SortOptions::new`]: SORT returns the elements, as `T`.
#[derive(Debug)]
pub struct SortElements<T>(PhantomData<fn() -> T>);

/// The state of [`SortOptions::get`]: SORT returns strings at keys named after the elements; `T` is the tuple of their
/// types.
#[derive(Debug)]
pub struct SortValues<T>(PhantomData<fn() -> T>);

/// The result of SORT for each element, to which [`and_get`](SortOptions::and_get) adds a value of type `T`.
pub trait MoreValues<T> {
    /// The result with the added value. A result that cannot grow stays the same, so that [`TakesMore`] alone reports
    /// the error.
    type More;
}

impl<E, T> MoreValues<T> for SortElements<E> {
    type More = Self;
}
impl<A, B, C, D, E, F, T> MoreValues<T> for SortValues<(A, B, C, D, E, F)> {
    type More = Self;
}

/// A result of SORT that [`and_get`](SortOptions::and_get) can add to.
#[diagnostic::on_unimplemented(
    message = "`and_get` adds to what `SortOptions::get` began with, and these options return `{Self}`",
    label = "no pattern to add to, or six already",
    note = "begin with `SortOptions::get`; for the element itself the pattern is `#`: `SortOptions::get::<i64>(\"#\")`"
)]
pub trait TakesMore {}

/// The reply of SORT, by its options.
pub trait SortReply {
    /// The need that the elements of the key must satisfy.
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
