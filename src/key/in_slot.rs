//! Names of keys whose cluster slot is in their type.

use std::fmt;

/// The name of a constant key whose cluster slot is in its type: `Key<Str<i64>, InSlot<3808>>`.
///
/// [`keyspace!`](crate::keyspace) makes such constants of names with a hash tag, so that
/// [`pipeline!`](macro@crate::pipeline) refuses constants of two slots in one transaction of a cluster.
/// [`Key::untagged`](crate::Key::untagged) forgets the slot, where keys of several slots must be of one type.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct InSlot<const SLOT: u16>(pub(super) &'static str);

impl<const SLOT: u16> AsRef<str> for InSlot<SLOT> {
    fn as_ref(&self) -> &str {
        self.0
    }
}

impl<const SLOT: u16> fmt::Debug for InSlot<SLOT> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
