//! The framing of a request: the control commands that are sent before and behind its commands.

/// The framing of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    Plain,
    /// MULTI and EXEC, which have a reply each.
    Transaction,
}

impl Framing {
    /// Returns how many replies the framing itself gets.
    #[inline]
    pub(crate) fn replies(self) -> usize {
        match self {
            Framing::Plain => 0,
            Framing::Transaction => 2,
        }
    }
}
