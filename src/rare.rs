//! A part of a value that is boxed, because it is rarely there.

use std::ops::{Deref, DerefMut};

/// A part of a value that is rarely there. Where it is not, moving it is one word, and dropping it is one comparison, which is
/// inlined: the compiler calls its own code for an `Option<Box<T>>` of a `T` that owns much.
#[derive(Clone, Debug)]
pub(crate) struct Rare<T>(Option<Box<T>>);

impl<T> Rare<T> {
    /// No part.
    pub(crate) const NONE: Self = Rare(None);

    /// A part that is there.
    pub(crate) fn new(value: T) -> Self {
        Rare(Some(Box::new(value)))
    }
}

impl<T> Default for Rare<T> {
    #[inline]
    fn default() -> Self {
        Rare::NONE
    }
}

impl<T> Deref for Rare<T> {
    type Target = Option<Box<T>>;
    #[inline]
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<T> DerefMut for Rare<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl<T> Drop for Rare<T> {
    #[inline(always)]
    fn drop(&mut self) {
        if let Some(value) = self.0.take() {
            discard(value);
        }
    }
}

#[cold]
#[inline(never)]
fn discard<T>(value: Box<T>) {
    drop(value);
}
