//! Several values: lists, sets, maps and tuples.

use super::{Any, Array, FromReply, Map, Pairs, Tuple};
use crate::resp::{DecodeError, Reader};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque},
    hash::{BuildHasher, Hash},
};

/// Collects `count` things that `read` reads. The collection is made at its full size: what it holds is known to be there,
/// because the whole reply was scanned.
fn collect<T, C: FromIterator<T>>(
    count: usize,
    read: impl FnMut() -> Result<T, DecodeError>,
) -> Result<C, DecodeError> {
    let mut things = Things { left: count, read, fault: None };
    let collection = things.by_ref().collect();
    things.fault.map_or(Ok(collection), Err)
}

/// An iterator that knows how many there are, up to the first fault.
struct Things<F> {
    left: usize,
    read: F,
    fault: Option<DecodeError>,
}

impl<T, F: FnMut() -> Result<T, DecodeError>> Iterator for Things<F> {
    type Item = T;

    #[inline]
    fn next(&mut self) -> Option<T> {
        self.left = self.left.checked_sub(1)?;
        match (self.read)() {
            Ok(thing) => Some(thing),
            Err(fault) => {
                (self.left, self.fault) = (0, Some(fault));
                None
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

fn elements<S, T: FromReply<S>, C: FromIterator<T>>(reader: &mut Reader<'_>) -> Result<C, DecodeError> {
    collect(reader.array()?, || T::read(reader))
}

impl<S, T: FromReply<S>> FromReply<Array<S>> for Vec<T> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        elements::<S, T, _>(reader)
    }
}

#[diagnostic::do_not_recommend]
impl<T: FromReply<Any>> FromReply<Any> for Vec<T> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        elements::<Any, T, _>(reader)
    }
}

#[diagnostic::do_not_recommend]
impl<S, T: FromReply<S>> FromReply<Array<S>> for VecDeque<T> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        elements::<S, T, Vec<T>>(reader).map(Self::from)
    }
}

#[diagnostic::do_not_recommend]
impl<S, T: FromReply<S>> FromReply<Array<S>> for Box<[T]> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        elements::<S, T, Vec<T>>(reader).map(Self::from)
    }
}

#[diagnostic::do_not_recommend]
impl<S, T: FromReply<S>, const N: usize> FromReply<Array<S>> for [T; N] {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let list = elements::<S, T, Vec<T>>(reader)?;
        let found = list.len();
        Self::try_from(list).map_err(|_| length(N, found))
    }
}

#[diagnostic::do_not_recommend]
impl<S, T: FromReply<S> + Eq + Hash, H: BuildHasher + Default> FromReply<Array<S>> for HashSet<T, H> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        elements::<S, T, _>(reader)
    }
}

#[diagnostic::do_not_recommend]
impl<S, T: FromReply<S> + Ord> FromReply<Array<S>> for BTreeSet<T> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        elements::<S, T, _>(reader)
    }
}

/// Reads pairs in either form: one after the other, or each in an array of its own.
fn pairs<A, B, K: FromReply<A>, V: FromReply<B>, C: FromIterator<(K, V)>>(
    reader: &mut Reader<'_>,
) -> Result<C, DecodeError> {
    if reader.kind()? == b'%' {
        return entries::<A, B, K, V, C>(reader);
    }
    let count = reader.array()?;
    let nested = count > 0 && reader.kind()? == b'*';
    if !nested && count % 2 == 1 {
        return Err(DecodeError::mismatch("pairs", format!("an array of {count} elements")));
    }
    let read = || {
        if nested {
            expect(2, reader.array()?)?;
        }
        Ok((K::read(reader)?, V::read(reader)?))
    };
    collect(if nested { count } else { count / 2 }, read)
}

fn entries<A, B, K: FromReply<A>, V: FromReply<B>, C: FromIterator<(K, V)>>(
    reader: &mut Reader<'_>,
) -> Result<C, DecodeError> {
    collect(reader.map()?, || Ok((K::read(reader)?, V::read(reader)?)))
}

macro_rules! maps {
    ($($shape:ident, $read:ident;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<A, B, K: FromReply<A>, V: FromReply<B>> FromReply<$shape<A, B>> for Vec<(K, V)> {
            fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
                $read::<A, B, K, V, _>(reader)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<A, B, K: FromReply<A> + Eq + Hash, V: FromReply<B>, H: BuildHasher + Default> FromReply<$shape<A, B>>
            for HashMap<K, V, H>
        {
            fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
                $read::<A, B, K, V, _>(reader)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<A, B, K: FromReply<A> + Ord, V: FromReply<B>> FromReply<$shape<A, B>> for BTreeMap<K, V> {
            fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
                $read::<A, B, K, V, _>(reader)
            }
        }
    )*};
}

maps! { Map, entries; Pairs, pairs; }

/// The one pair there is, or none.
#[diagnostic::do_not_recommend]
impl<A, B, K: FromReply<A>, V: FromReply<B>> FromReply<Pairs<A, B>> for Option<(K, V)> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mut pairs: Vec<(K, V)> = pairs::<A, B, K, V, _>(reader)?;
        if pairs.len() > 1 {
            return Err(DecodeError::mismatch("one pair or none", format!("{} pairs", pairs.len())));
        }
        Ok(pairs.pop())
    }
}

macro_rules! tuples {
    ($($($type:ident $shape:ident),+;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<$($shape, $type: FromReply<$shape>),+> FromReply<Tuple<($($shape,)+)>> for ($($type,)+) {
            fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
                expect([$(stringify!($type)),+].len(), reader.array()?)?;
                Ok(($($type::read(reader)?,)+))
            }
        }

        #[diagnostic::do_not_recommend]
        impl<$($type: FromReply<Any>),+> FromReply<Any> for ($($type,)+) {
            fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
                expect([$(stringify!($type)),+].len(), reader.array()?)?;
                Ok(($($type::read(reader)?,)+))
            }
        }
    )*};
}

tuples! {
    T A;
    T A, U B;
    T A, U B, V C;
    T A, U B, V C, W D;
    T A, U B, V C, W D, X E;
    T A, U B, V C, W D, X E, Y F;
}

fn expect(wanted: usize, found: usize) -> Result<(), DecodeError> {
    if wanted == found { Ok(()) } else { Err(length(wanted, found)) }
}

fn length(wanted: usize, found: usize) -> DecodeError {
    DecodeError::mismatch(&format!("one of {wanted}"), format!("an array of {found} elements"))
}
