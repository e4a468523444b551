//! Vectors, and what a search is for: a vector, or an element of the set.

use crate::{
    argument::{Argument, Arguments},
    resp::Writer,
};

/// A vector: an array, a slice or a `Vec` of `f32` or `f64`.
///
/// An `f32` is sent as its four bytes (FP32), an `f64` as text (VALUES); the server keeps neither more exactly than an
/// `f32`. A vector without numbers, or with an `f64` that is NaN, is an [`Error::Argument`](crate::Error::Argument); an `f32` that
/// is NaN the server takes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a vector",
    label = "expected an array, a slice or a `Vec` of `f32` or `f64`",
    note = "write it as `[0.5_f32, 1.0]`"
)]
pub trait Vector {
    /// Returns the numbers.
    #[doc(hidden)]
    fn numbers(&self) -> Numbers<'_>;
}

/// What VSIM compares the elements with: a [`Vector`], or an [`Element`] of the vector set.
#[diagnostic::on_unimplemented(
    message = "a search is not for a `{Self}`",
    label = "expected a vector of `f32` or `f64`, or an element",
    note = "write a vector as `[0.5_f32, 1.0]`, and an element as `Element(\"apple\")`, of `typedis::commands::vector_set`"
)]
pub trait Query {
    /// Returns how many words it is.
    #[doc(hidden)]
    fn words(&self) -> usize;

    /// Writes the words.
    #[doc(hidden)]
    fn write(&self, out: &mut Writer);
}

/// An element of the vector set, for VSIM (ELE).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Element<M>(pub M);

impl<M: Argument> Query for Element<M> {
    fn words(&self) -> usize {
        2
    }
    fn write(&self, out: &mut Writer) {
        "ELE".write(out);
        self.0.write(out);
    }
}

/// The numbers of a vector.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub enum Numbers<'a> {
    Single(&'a [f32]),
    Double(&'a [f64]),
}

impl Numbers<'_> {
    fn words(self) -> usize {
        match self {
            Numbers::Single(_) => 2,
            Numbers::Double(numbers) => numbers.len().wrapping_add(2),
        }
    }

    fn write(self, out: &mut Writer) {
        match self {
            Numbers::Single([]) | Numbers::Double([]) => out.reject("a vector has one number or more"),
            Numbers::Double(numbers) if numbers.iter().any(|number| number.is_nan()) => {
                out.reject("a number of a vector is NaN, which the server reads from no text");
            }
            _ => {}
        }
        match self {
            Numbers::Single(numbers) => {
                "FP32".write(out);
                numbers.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<u8>>().write(out);
            }
            Numbers::Double(numbers) => {
                "VALUES".write(out);
                numbers.len().write(out);
                numbers.iter().for_each(|number| number.write(out));
            }
        }
    }
}

macro_rules! vectors {
    ($($variant:ident($type:ty), [$($generics:tt)*];)*) => {$(
        impl<$($generics)*> Vector for $type {
            fn numbers(&self) -> Numbers<'_> {
                Numbers::$variant(self)
            }
        }

        impl<$($generics)*> Query for $type {
            fn words(&self) -> usize {
                self.numbers().words()
            }
            fn write(&self, out: &mut Writer) {
                self.numbers().write(out);
            }
        }
    )*};
}

vectors! {
    Single([f32]), [];
    Single([f32; N]), [const N: usize];
    Single(Vec<f32>), [];
    Double([f64]), [];
    Double([f64; N]), [const N: usize];
    Double(Vec<f64>), [];
}

impl<V: Vector + ?Sized> Vector for &V {
    fn numbers(&self) -> Numbers<'_> {
        (**self).numbers()
    }
}

impl<Q: Query + ?Sized> Query for &Q {
    fn words(&self) -> usize {
        (**self).words()
    }
    fn write(&self, out: &mut Writer) {
        (**self).write(out);
    }
}

/// A vector on the wire.
pub(super) struct VectorWords<'a, V: ?Sized>(pub(super) &'a V);

impl<V: Vector + ?Sized> Arguments for VectorWords<'_, V> {
    type Item = [u8];
    fn count(&self) -> usize {
        self.0.numbers().words()
    }
    fn write_all(&self, out: &mut Writer) {
        self.0.numbers().write(out);
    }
}

/// A query on the wire.
pub(super) struct QueryWords<'a, Q: ?Sized>(pub(super) &'a Q);

impl<Q: Query + ?Sized> Arguments for QueryWords<'_, Q> {
    type Item = [u8];
    fn count(&self) -> usize {
        self.0.words()
    }
    fn write_all(&self, out: &mut Writer) {
        self.0.write(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::option::encoded;

    #[test]
    fn a_vector_is_its_bytes_or_its_numbers() {
        assert_eq!(encoded(&VectorWords(&[1.5_f64, -2.0])), "VALUES 2 1.5 -2");
        assert_eq!(encoded(&VectorWords(&vec![0.0_f32, 2.0])), "FP32 \0\0\0\0\0\0\0@");
        assert_eq!(encoded(&QueryWords(&&[3.0_f64][..])), "VALUES 1 3");
        assert_eq!(encoded(&QueryWords(&Element(7))), "ELE 7");
    }
}
