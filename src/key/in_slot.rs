//! Names of keys, and the cluster slot that the type of a name says.

use crate::row::{AnySlot, KeySlot, Slot};
use std::fmt;

/// The name of a constant key whose cluster slot is in its type: `Key<Str<i64>, InSlot<3808>>`.
///
/// [`keyspace!`](crate::keyspace) makes such constants of names with a hash tag, so that constants of two slots in one
/// transaction of a cluster do not compile. [`Key::untagged`](crate::Key::untagged) forgets the slot, where keys of several
/// slots must be of one type.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct InSlot<const SLOT: u16>(pub(super) &'static str);

impl<const SLOT: u16> fmt::Debug for InSlot<SLOT> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The name of a [`Key`](crate::Key): text, or an [`InSlot`].
pub trait KeyName {
    /// The slot of the name: [`Slot`] for [`InSlot`], else [`AnySlot`].
    type Slot: KeySlot;
    /// Returns the name as text.
    fn as_text(&self) -> &str;
}

impl<N: AsRef<str>> KeyName for N {
    type Slot = AnySlot;
    fn as_text(&self) -> &str {
        self.as_ref()
    }
}

impl<const SLOT: u16> KeyName for InSlot<SLOT> {
    type Slot = Slot<SLOT>;
    fn as_text(&self) -> &str {
        self.0
    }
}
