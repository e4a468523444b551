//! Wrappers that change how a row's arguments are encoded.

use crate::{
    argument::{Arguments, Entries, KeyRows, refuse_empty},
    resp::{BlockUnit, Writer},
};
use std::{marker::PhantomData, time::Duration};

/// Key arguments, which are marked as they are encoded, so that a router knows the slot of the request.
#[doc(hidden)]
#[derive(Debug)]
pub struct AsKey<'a, T: ?Sized>(pub &'a T);

impl<T: Arguments + ?Sized> Arguments for AsKey<'_, T> {
    type Item = T::Item;
    #[inline]
    fn count(&self) -> usize {
        self.0.count()
    }
    #[inline]
    fn write_all(&self, out: &mut Writer<'_>) {
        let from = out.position();
        self.0.write_all(out);
        out.mark_keys(from, 1);
    }
}

/// Pairs of a key and a value, whose keys are marked as they are encoded. A row sends them as `FlatPairs(&pairs)`.
#[doc(hidden)]
#[derive(Debug)]
pub struct AsKeyPairs<'a, T: ?Sized>(pub &'a T);

impl<T: Entries + ?Sized> Entries for AsKeyPairs<'_, T> {
    type First = T::First;
    type Second = T::Second;
    #[inline]
    fn count(&self) -> usize {
        self.0.count()
    }
    #[inline]
    fn write_all(&self, out: &mut Writer<'_>) {
        let from = out.position();
        self.0.write_all(out);
        out.mark_keys(from, 2);
    }
}

/// Keys with more words behind each, as rows of `WORDS` words, whose keys are marked as they are encoded. A row of the need `N` sends
/// them by their name, `&samples`.
#[doc(hidden)]
#[derive(Debug)]
pub struct AsKeyRows<'a, T: ?Sized, N, const WORDS: usize> {
    rows: &'a T,
    need: PhantomData<fn() -> N>,
}

impl<'a, T: ?Sized, N, const WORDS: usize> AsKeyRows<'a, T, N, WORDS> {
    #[inline]
    pub fn new(rows: &'a T) -> Self {
        AsKeyRows { rows, need: PhantomData }
    }
}

impl<T: KeyRows<N, WORDS> + ?Sized, N, const WORDS: usize> Arguments for AsKeyRows<'_, T, N, WORDS> {
    type Item = Self;
    fn count(&self) -> usize {
        self.rows.rows().wrapping_mul(WORDS)
    }
    fn write_all(&self, out: &mut Writer<'_>) {
        refuse_empty(self.rows.rows(), out);
        let from = out.position();
        self.rows.write_rows(out);
        out.mark_keys(from, WORDS);
    }
}

/// Arguments behind their number (*numkeys*, *numfields*), as in `ZUNION 2 a b` and `HTTL k FIELDS 2 a b`.
#[derive(Debug)]
pub struct NumKeys<'a, T: ?Sized>(pub &'a T);

impl<T: Arguments + ?Sized> Arguments for NumKeys<'_, T> {
    type Item = T::Item;
    fn count(&self) -> usize {
        self.0.count().wrapping_add(1)
    }
    fn write_all(&self, out: &mut Writer<'_>) {
        out.integer(self.0.count());
        self.0.write_all(out);
    }
}

/// Pairs behind their number, each encoded as two arguments, as in `HSETEX k FIELDS 2 a 1 b 2`.
#[derive(Debug)]
pub struct NumPairs<'a, T: ?Sized>(pub &'a T);

impl<T: Entries + ?Sized> Arguments for NumPairs<'_, T> {
    type Item = T::Second;
    fn count(&self) -> usize {
        self.0.count().wrapping_mul(2).wrapping_add(1)
    }
    fn write_all(&self, out: &mut Writer<'_>) {
        out.integer(self.0.count());
        self.0.write_all(out);
    }
}

/// The seconds for which a command may block; zero is no limit.
#[derive(Debug)]
pub struct BlockTimeout(pub f64);

impl Arguments for BlockTimeout {
    type Item = f64;
    fn count(&self) -> usize {
        1
    }
    fn write_all(&self, out: &mut Writer<'_>) {
        // A value that is not a duration sets no block time: the server refuses it.
        out.set_block_time(Duration::try_from_secs_f64(self.0).unwrap_or_default(), BlockUnit::Seconds);
        out.double(self.0);
    }
}

/// The milliseconds for which a command may block; zero is no limit.
#[derive(Debug)]
pub struct BlockTimeoutMillis(pub u64);

impl Arguments for BlockTimeoutMillis {
    type Item = u64;
    fn count(&self) -> usize {
        1
    }
    fn write_all(&self, out: &mut Writer<'_>) {
        out.set_block_time(Duration::from_millis(self.0), BlockUnit::Milliseconds);
        out.integer(self.0);
    }
}

/// Arguments that may be empty, such as the keys of a script.
#[derive(Debug)]
pub struct MaybeEmpty<'a, T: ?Sized>(pub &'a T);

impl<T: Arguments + ?Sized> Arguments for MaybeEmpty<'_, T> {
    type Item = T::Item;
    fn count(&self) -> usize {
        self.0.count()
    }
    fn write_all(&self, out: &mut Writer<'_>) {
        if self.count() > 0 {
            self.0.write_all(out);
        }
    }
}

/// Pairs, each encoded as two arguments.
#[derive(Debug)]
pub struct FlatPairs<'a, T: ?Sized>(pub &'a T);

impl<T: Entries + ?Sized> Arguments for FlatPairs<'_, T> {
    type Item = T::Second;
    fn count(&self) -> usize {
        self.0.count().wrapping_mul(2)
    }
    fn write_all(&self, out: &mut Writer<'_>) {
        self.0.write_all(out);
    }
}
