//! The observer of error replies.

use std::fmt;

/// A function that receives the text of each error reply once, at any depth of a reply, before the reply's end is found: a
/// connection learns of errors that no caller reads.
#[derive(Default)]
pub(crate) struct ErrorObserver(Option<Box<Observe>>);

type Observe = dyn Fn(&[u8]) + Send + Sync;

impl ErrorObserver {
    pub(crate) fn new(observe: impl Fn(&[u8]) + Send + Sync + 'static) -> Self {
        ErrorObserver(Some(Box::new(observe)))
    }

    #[cold]
    pub(super) fn observe(&self, error: &[u8]) {
        if let Some(observe) = &self.0 {
            observe(error);
        }
    }
}

impl fmt::Debug for ErrorObserver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ErrorObserver").field(&self.0.is_some()).finish()
    }
}
