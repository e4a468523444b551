//! Collecting the elements of a reply.

use crate::resp::DecodeError;

/// Collects `count` items that `read` decodes. The collection is allocated at its full size, which is safe: the scanner has
/// found the whole reply, so all items are there.
pub(super) fn collect<T, C: FromIterator<T>>(
    count: usize,
    read: impl FnMut() -> Result<T, DecodeError>,
) -> Result<C, DecodeError> {
    let mut items = ResultIter { left: count, read, error: None };
    let collection = items.by_ref().collect();
    items.error.map_or(Ok(collection), Err)
}

/// An iterator of known length that ends at the first error and keeps it. `Result`'s own `FromIterator` reports a lower
/// bound of 0, for which a `Vec` would be allocated in steps.
struct ResultIter<F> {
    left: usize,
    read: F,
    error: Option<DecodeError>,
}

impl<F> ResultIter<F> {
    /// Ends at an error. It is out of line, so that `next` stays small enough to be inlined.
    #[cold]
    #[inline(never)]
    fn end<T>(&mut self, error: DecodeError) -> Option<T> {
        self.left = 0;
        self.error = Some(error);
        None
    }
}

impl<T, F: FnMut() -> Result<T, DecodeError>> Iterator for ResultIter<F> {
    type Item = T;

    #[inline]
    fn next(&mut self) -> Option<T> {
        self.left = self.left.checked_sub(1)?;
        match (self.read)() {
            Ok(item) => Some(item),
            Err(error) => self.end(error),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}
