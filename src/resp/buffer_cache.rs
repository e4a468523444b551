//! One cached buffer a thread, so that encoding a small request allocates nothing.

use std::cell::Cell;

/// The largest capacity of a cached buffer. A small transaction fits in.
const MAX_CACHED: usize = 4 * 1024;
/// The capacity of a new buffer.
const NEW: usize = 256;

thread_local! {
    static CACHE: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Takes this thread's cached buffer, or makes a new one.
#[inline]
pub(super) fn take() -> Vec<u8> {
    let cached = CACHE.try_with(Cell::take).unwrap_or_default();
    if cached.capacity() == 0 { Vec::with_capacity(NEW) } else { cached }
}

/// Caches a buffer whose content is not needed any more, unless it is large.
#[inline]
pub(crate) fn put(mut buffer: Vec<u8>) {
    if buffer.capacity() <= MAX_CACHED {
        buffer.clear();
        let _ = CACHE.try_with(|cache| cache.set(buffer));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cached_buffer_is_empty_and_small() {
        let mut buffer = take();
        buffer.extend_from_slice(&[b'x'; 1000]);
        let at = buffer.as_ptr();
        put(buffer);
        let again = take();
        assert!(again.is_empty() && again.as_ptr() == at);
        // The cache is empty now, so the next buffer is another.
        let other = take();
        assert_ne!(other.as_ptr(), at);
        put(vec![b'x'; MAX_CACHED + 1]);
        assert!(take().capacity() <= MAX_CACHED);
    }
}
