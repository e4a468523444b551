//! Decoding of several values: lists, sets, maps and tuples.

use super::{Any, Array, FromReply, Map, Nullable, Pairs, Single, Triples, Tuple, collect::collect};
use crate::resp::{DecodeError, Reader};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque},
    hash::{BuildHasher, Hash},
};

/// Reads an array or a set.
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
        T::read_vec(reader)
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
        Self::try_from(list).map_err(|_| wrong_length(N, found))
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

#[diagnostic::do_not_recommend]
impl<S, T: FromReply<S>> FromReply<Single<Nullable<S>>> for Option<T> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        single::<Nullable<S>, Self>(reader)
    }
}

/// Reads the element of an array of one. There is no impl for every type, with which no type would say its shape any more.
pub(crate) fn single<S, T: FromReply<S>>(reader: &mut Reader<'_>) -> Result<T, DecodeError> {
    expect_length(1, reader.array()?)?;
    T::read(reader)
}

/// Reads pairs in any form: a map, an array with the values one after the other, or an array with an array for each pair.
fn pairs<A, B, K: FromReply<A>, V: FromReply<B>, C: FromIterator<(K, V)>>(
    reader: &mut Reader<'_>,
) -> Result<C, DecodeError> {
    if reader.kind()? == b'%' {
        return entries::<A, B, K, V, C>(reader);
    }
    let count = reader.array()?;
    let nested = count > 0 && matches!(reader.kind()?, b'*' | b'~');
    if !nested && count % 2 == 1 {
        return Err(DecodeError::mismatch("pairs", format!("an array of {count} elements")));
    }
    let read = || {
        if nested {
            expect_length(2, reader.array()?)?;
        }
        Ok((K::read(reader)?, V::read(reader)?))
    };
    collect(if nested { count } else { count / 2 }, read)
}

/// Reads a map.
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

#[diagnostic::do_not_recommend]
impl<A, B, C, T: FromReply<A>, U: FromReply<B>, V: FromReply<C>> FromReply<Triples<A, B, C>> for Vec<(T, U, V)> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        if reader.kind()? == b'%' {
            return collect(reader.map()?, || {
                let first = T::read(reader)?;
                expect_length(2, reader.array()?)?;
                Ok((first, U::read(reader)?, V::read(reader)?))
            });
        }
        let count = reader.array()?;
        if count % 3 != 0 {
            return Err(DecodeError::mismatch("triples", format!("an array of {count} elements")));
        }
        collect(count / 3, || Ok((T::read(reader)?, U::read(reader)?, V::read(reader)?)))
    }
}

/// One pair, or `None` for an empty reply.
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
    ($($($type:ident $shape:ident),+ $(=> $read_vec:expr)?;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<$($shape, $type: FromReply<$shape>),+> FromReply<Tuple<($($shape,)+)>> for ($($type,)+) {
            fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
                expect_length([$(stringify!($type)),+].len(), reader.array()?)?;
                Ok(($($type::read(reader)?,)+))
            }
        }

        #[diagnostic::do_not_recommend]
        impl<$($type: FromReply<Any>),+> FromReply<Any> for ($($type,)+) {
            fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
                expect_length([$(stringify!($type)),+].len(), reader.array()?)?;
                Ok(($($type::read(reader)?,)+))
            }
            $(
                fn read_vec(reader: &mut Reader<'_>) -> Result<Vec<Self>, DecodeError> {
                    $read_vec(reader)
                }
            )?
        }
    )*};
}

tuples! {
    T A;
    T A, U B => pairs::<Any, Any, T, U, _>;
    T A, U B, V C;
    T A, U B, V C, W D;
    T A, U B, V C, W D, X E;
    T A, U B, V C, W D, X E, Y F;
}

fn expect_length(expected: usize, found: usize) -> Result<(), DecodeError> {
    if expected == found { Ok(()) } else { Err(wrong_length(expected, found)) }
}

fn wrong_length(expected: usize, found: usize) -> DecodeError {
    DecodeError::mismatch(&format!("one of {expected}"), format!("an array of {found} elements"))
}
