//! The typed key: a name together with what the key holds.

use super::in_slot::{InSlot, KeyName};
use crate::{
    argument::{Argument, Arguments},
    resp::Writer,
    slot::slot_of,
};
use std::{borrow::Cow, fmt, marker::PhantomData, sync::Arc};

/// A typed key, such as `Key<Str<i64>>`: its type says what the key holds.
///
/// Commands on another kind of key do not compile, and the type of the value needs no turbofish:
///
/// ```
/// use typedis::{key::{List, Str}, prelude::*, Key};
/// # async fn example(client: &typedis::Client) -> typedis::Result<()> {
/// const SEQUENCE: Key<Str<i64>> = Key::new("sequence");
///
/// client.set(SEQUENCE, 5).await?;
/// let next = client.get(SEQUENCE).await?.unwrap_or(0) + 1;
/// # assert_eq!(next, 6);
/// # Ok(()) }
/// # typedis_testing::doctest(async |url| example(&typedis::Client::connect(&url).await?).await);
/// ```
///
/// [`Key::named`] makes a key of a name that is known at run time only. An application's keys are best declared together, by
/// [`keyspace!`](crate::keyspace).
pub struct Key<K, N = &'static str> {
    name: N,
    /// The reason that no command takes the key, for a name that [`KeyTemplate`](super::KeyTemplate) rejected.
    pub(super) rejection: Option<&'static str>,
    holds: PhantomData<fn() -> K>,
}

impl<K> Key<K> {
    /// Makes a typed key of a constant name.
    pub const fn new(name: &'static str) -> Self {
        Key { name, rejection: None, holds: PhantomData }
    }
}

impl<K, N: AsRef<str>> Key<K, N> {
    /// Makes a typed key of a name that is made at run time: `Key::<Str<i64>, _>::named(format!("hits:{page}"))`.
    pub fn named(name: N) -> Self {
        Self::checked(name, None)
    }

    /// Makes a key that commands refuse with `rejection`, if there is one.
    pub(super) fn checked(name: N, rejection: Option<&'static str>) -> Self {
        Key { name, rejection, holds: PhantomData }
    }
}

impl<K, N: KeyName> Key<K, N> {
    /// Returns the key's name.
    pub fn name(&self) -> &str {
        self.name.as_text()
    }
}

impl<K> Key<K, &str> {
    /// Returns the key's hash slot in a cluster, from 0 to 16383; for a constant key at compile time.
    ///
    /// ```
    /// use typedis::{key::Str, Key};
    ///
    /// const STOCK: Key<Str<i64>> = Key::new("{shop}:stock");
    /// const ORDERS: Key<Str<i64>> = Key::new("{shop}:orders");
    /// const _: () = assert!(STOCK.slot() == ORDERS.slot());
    /// ```
    pub const fn slot(&self) -> u16 {
        slot_of(self.name.as_bytes())
    }
}

impl<K, const SLOT: u16> Key<K, InSlot<SLOT>> {
    /// Makes a key of a constant name in the slot `SLOT`.
    pub(super) const fn in_slot(name: &'static str) -> Self {
        assert!(slot_of(name.as_bytes()) == SLOT, "the name is of another slot");
        Key { name: InSlot(name), rejection: None, holds: PhantomData }
    }

    /// Returns the key's hash slot in a cluster, from 0 to 16383.
    pub const fn slot(&self) -> u16 {
        SLOT
    }

    /// Returns the key without its slot in the type: for an array of keys with different hash tags, or for branches that queue
    /// on either of them in a transaction of a cluster.
    pub const fn untagged(self) -> Key<K> {
        Key::new(self.name.0)
    }
}

macro_rules! slots {
    ($($name:ty),*) => {$(
        impl<K> Key<K, $name> {
            /// Returns the key's hash slot in a cluster, from 0 to 16383.
            pub fn slot(&self) -> u16 {
                slot_of(self.name.as_bytes())
            }
        }
    )*};
}
slots! { String, Box<str>, Arc<str>, Cow<'_, str> }

impl<K, N: Clone> Clone for Key<K, N> {
    fn clone(&self) -> Self {
        Key { name: self.name.clone(), rejection: self.rejection, holds: PhantomData }
    }
}
impl<K, N: Copy> Copy for Key<K, N> {}
impl<K, N: fmt::Debug> fmt::Debug for Key<K, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Key").field(&self.name).finish()
    }
}

impl<K, N: KeyName> Argument for Key<K, N> {
    #[inline]
    fn write(&self, out: &mut Writer) {
        if let Some(rejection) = self.rejection {
            out.reject(rejection);
        }
        out.bulk(self.name().as_bytes());
    }
}
impl<K, N: KeyName> Arguments for Key<K, N> {
    type Item = Self;
    #[inline]
    fn count(&self) -> usize {
        1
    }
    #[inline]
    fn write_all(&self, out: &mut Writer) {
        self.write(out);
    }
}
