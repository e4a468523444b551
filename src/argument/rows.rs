//! Rows of a key and more words, for commands that take several keys with the same number of words behind each.

use super::Writer;

/// Rows of `WORDS` words, of which the first is a key for the need `Need`: one row as a tuple, or an array, a slice or a `Vec` of
/// them.
pub trait KeyRows<Need, const WORDS: usize> {
    /// Returns the number of rows.
    fn rows(&self) -> usize;

    /// Writes the rows, each as so many arguments.
    fn write_rows(&self, out: &mut Writer);
}

impl<T: KeyRows<Need, WORDS> + ?Sized, Need, const WORDS: usize> KeyRows<Need, WORDS> for &T {
    fn rows(&self) -> usize {
        (**self).rows()
    }
    fn write_rows(&self, out: &mut Writer) {
        (**self).write_rows(out);
    }
}

impl<T: KeyRows<Need, WORDS>, Need, const WORDS: usize> KeyRows<Need, WORDS> for [T] {
    fn rows(&self) -> usize {
        self.iter().map(KeyRows::rows).sum()
    }
    fn write_rows(&self, out: &mut Writer) {
        self.iter().for_each(|row| row.write_rows(out));
    }
}

impl<T: KeyRows<Need, WORDS>, Need, const WORDS: usize, const N: usize> KeyRows<Need, WORDS> for [T; N] {
    fn rows(&self) -> usize {
        self.as_slice().rows()
    }
    fn write_rows(&self, out: &mut Writer) {
        self.as_slice().write_rows(out);
    }
}

impl<T: KeyRows<Need, WORDS>, Need, const WORDS: usize> KeyRows<Need, WORDS> for Vec<T> {
    fn rows(&self) -> usize {
        self.as_slice().rows()
    }
    fn write_rows(&self, out: &mut Writer) {
        self.as_slice().write_rows(out);
    }
}
