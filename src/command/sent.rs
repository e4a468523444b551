//! What rows send besides their arguments as they are.

use crate::{
    argument::{Arguments, Entries},
    resp::Writer,
};

/// Arguments with their number before them, as in `ZUNION 2 a b`.
#[derive(Debug)]
pub struct Counted<'a, T: ?Sized>(pub &'a T);

impl<T: Arguments + ?Sized> Arguments for Counted<'_, T> {
    type Item = T::Item;
    fn count(&self) -> usize {
        1 + self.0.count()
    }
    fn write_all(&self, out: &mut Writer) {
        out.integer(self.0.count());
        self.0.write_all(out);
    }
}

/// Arguments of which there may be none, as the keys of a script.
#[derive(Debug)]
pub struct Optional<'a, T: ?Sized>(pub &'a T);

impl<T: Arguments + ?Sized> Arguments for Optional<'_, T> {
    type Item = T::Item;
    fn count(&self) -> usize {
        self.0.count()
    }
    fn write_all(&self, out: &mut Writer) {
        if self.count() > 0 {
            self.0.write_all(out);
        }
    }
}

/// Pairs, each as two arguments.
#[derive(Debug)]
pub struct Paired<'a, T: ?Sized>(pub &'a T);

impl<T: Entries + ?Sized> Arguments for Paired<'_, T> {
    type Item = T::Second;
    fn count(&self) -> usize {
        2 * self.0.count()
    }
    fn write_all(&self, out: &mut Writer) {
        self.0.write_all(out);
    }
}
