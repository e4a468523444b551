//! A buffer that each thread keeps from one request to the next, so that a small request allocates nothing.

use std::cell::Cell;

/// How large a buffer may be that is kept, and how large a new one is: a small transaction fits in.
const MOST: usize = 4 * 1024;
const NEW: usize = 256;

thread_local! {
    static SPARE: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Returns the buffer that this thread kept, or a new one.
#[inline]
pub(super) fn take() -> Vec<u8> {
    let spare = SPARE.try_with(Cell::take).unwrap_or_default();
    if spare.capacity() == 0 { Vec::with_capacity(NEW) } else { spare }
}

/// Keeps a buffer whose content is needed no more, unless it is large.
#[inline]
pub(crate) fn keep(mut buffer: Vec<u8>) {
    if buffer.capacity() <= MOST {
        buffer.clear();
        let _ = SPARE.try_with(|spare| spare.set(buffer));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_that_is_kept_is_empty_and_small() {
        let mut buffer = take();
        buffer.extend_from_slice(&[b'x'; 1000]);
        let at = buffer.as_ptr();
        keep(buffer);
        let again = take();
        assert!(again.is_empty() && again.as_ptr() == at);
        // It is taken, so the next one is another.
        let other = take();
        assert_ne!(other.as_ptr(), at);
        keep(vec![b'x'; MOST + 1]);
        assert!(take().capacity() <= MOST);
    }
}
