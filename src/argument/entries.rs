//! Pairs: a field and its value, a key and its value, a score and its member.

use super::{Argument, collection::refuse_empty};
use crate::resp::Writer;
use std::collections::{BTreeMap, HashMap};

/// One or several pairs, for HSET, MSET and ZADD: `("field", 1)`, `[("a", 1), ("b", 2)]`, a `Vec` or a map; with values of
/// several types a tuple of pairs, `(("name", "Ada"), ("born", 1815))`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not made of pairs",
    label = "expected `(field, value)`, or an array, `Vec` or map of them",
    note = "write one pair as `(\"field\", value)` and several as `[(\"a\", 1), (\"b\", 2)]`"
)]
pub trait Entries {
    /// The type of the first value of each pair: a field, a key or a score.
    type First;
    /// The type of the second value of each pair: a value or a member.
    type Second;

    /// Returns the number of pairs.
    fn count(&self) -> usize;

    /// Writes the pairs, each as two arguments.
    fn write_all(&self, out: &mut Writer);
}

impl<A: Argument, B: Argument> Entries for (A, B) {
    type First = A;
    type Second = B;
    fn count(&self) -> usize {
        1
    }
    fn write_all(&self, out: &mut Writer) {
        self.0.write(out);
        self.1.write(out);
    }
}

impl<T: Entries + ?Sized> Entries for &T {
    type First = T::First;
    type Second = T::Second;
    fn count(&self) -> usize {
        (**self).count()
    }
    fn write_all(&self, out: &mut Writer) {
        (**self).write_all(out);
    }
}

macro_rules! entry_tuples {
    ($($($a:ident $b:ident $field:tt),+;)*) => {$(
        impl<$($a: Argument, $b: Argument),+> Entries for ($(($a, $b),)+) {
            type First = ($($a,)+);
            type Second = ($($b,)+);
            fn count(&self) -> usize {
                [$($field),+].len()
            }
            fn write_all(&self, out: &mut Writer) {
                $(Entries::write_all(&self.$field, out);)+
            }
        }
    )*};
}

// Tuples of pairs, for values of several types.
entry_tuples! {
    A B 0, C D 1;
    A B 0, C D 1, E F 2;
    A B 0, C D 1, E F 2, G H 3;
    A B 0, C D 1, E F 2, G H 3, I J 4;
    A B 0, C D 1, E F 2, G H 3, I J 4, K L 5;
    A B 0, C D 1, E F 2, G H 3, I J 4, K L 5, M N 6;
    A B 0, C D 1, E F 2, G H 3, I J 4, K L 5, M N 6, O P 7;
}

macro_rules! entries {
    ($($type:ty, [$($generics:tt)*], $pair:expr;)*) => {$(
        impl<A: Argument, B: Argument, $($generics)*> Entries for $type {
            type First = A;
            type Second = B;
            fn count(&self) -> usize {
                self.len()
            }
            fn write_all(&self, out: &mut Writer) {
                write_pairs(self.iter().map($pair), out);
            }
        }
    )*};
}

entries! {
    [(A, B)], [], |(a, b)| (a, b);
    [(A, B); N], [const N: usize], |(a, b)| (a, b);
    Vec<(A, B)>, [], |(a, b)| (a, b);
    HashMap<A, B, H>, [H], |pair| pair;
    BTreeMap<A, B>, [], |pair| pair;
}

fn write_pairs<A: Argument, B: Argument>(pairs: impl ExactSizeIterator<Item = (A, B)>, out: &mut Writer) {
    refuse_empty(pairs.len(), out);
    pairs.for_each(|(first, second)| {
        first.write(out);
        second.write(out);
    });
}
