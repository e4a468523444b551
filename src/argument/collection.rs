//! Several values of one type, and tuples of several types.

use super::{Argument, Arguments, tuples::for_each_tuple};
use crate::resp::Writer;
use std::collections::{BTreeSet, HashSet, VecDeque};

macro_rules! collections {
    ($($type:ty, [$($generics:tt)*];)*) => {$(
        impl<T: Argument, $($generics)*> Arguments for $type {
            type Item = T;
            fn count(&self) -> usize {
                self.len()
            }
            fn write_all(&self, out: &mut Writer) {
                write_items(self.iter(), out);
            }
        }
    )*};
}

collections! {
    [T], [];
    [T; N], [const N: usize];
    Vec<T>, [];
    VecDeque<T>, [];
    HashSet<T, H>, [H];
    BTreeSet<T>, [];
}

macro_rules! tuples {
    ($($($type:ident $field:tt),+;)*) => {$(
        impl<$($type: Argument),+> Arguments for ($($type,)+) {
            type Item = Self;
            fn count(&self) -> usize {
                [$($field),+].len()
            }
            fn write_all(&self, out: &mut Writer) {
                $(self.$field.write(out);)+
            }
        }
    )*};
}

for_each_tuple! { tuples }

/// No arguments, such as the keys of a script without keys.
impl Arguments for () {
    type Item = ();
    fn count(&self) -> usize {
        0
    }
    fn write_all(&self, _: &mut Writer) {}
}

fn write_items<T: Argument>(items: impl ExactSizeIterator<Item = T>, out: &mut Writer) {
    refuse_empty(items.len(), out);
    items.for_each(|item| item.write(out));
}

/// Rejects a command that would be given no value: the server would refuse it for its arity.
pub(crate) fn refuse_empty(count: usize, out: &mut Writer) {
    if count == 0 {
        out.reject("an empty collection where the command needs at least one value; leave the command out");
    }
}
