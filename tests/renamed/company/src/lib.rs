//! A company's own crate: the whole of typedis, and its macros at the root.

pub use typedis::{self, HashFields, commands, keyspace, pipeline};

/// Increments a counter twice in one batch. A macro of this crate can use those of typedis wherever it is expanded.
#[macro_export]
macro_rules! twice {
    ($key:expr) => {
        $crate::pipeline! { incr($key); incr($key) }
    };
}
