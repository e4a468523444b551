//! Conditions on the value of a string, by itself or by its digest, for SET and DELEX.

use crate::{
    argument::{Argument, Arguments, StoredAs, Writer},
    command::{
        flag::{IfDeq, IfDne, IfEq, IfNe, Nx, Xx},
        option::Unset,
    },
    key::{Satisfies, Str},
    reply::{Bulk, FromReply},
    resp::{DecodeError, Reader},
};
use std::{fmt, marker::PhantomData};

/// A condition of DELEX on the string, for [`delex_with`](crate::commands::StringCommands::delex_with). A missing key does not
/// meet any of them.
///
/// ```
/// use typedis::options::DelexOptions;
///
/// let mine = DelexOptions::ifeq("token-1");
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct DelexOptions<C, W> {
    word: &'static str,
    value: W,
    given: PhantomData<fn() -> C>,
}

impl<W: Argument> DelexOptions<IfEq, W> {
    /// Removes the string only if it is `value` (IFEQ).
    pub const fn ifeq(value: W) -> Self {
        DelexOptions { word: IfEq::WORD, value, given: PhantomData }
    }
}

impl<W: Argument> DelexOptions<IfNe, W> {
    /// Removes the string only if it is not `value` (IFNE).
    pub const fn ifne(value: W) -> Self {
        DelexOptions { word: IfNe::WORD, value, given: PhantomData }
    }
}

impl DelexOptions<IfDeq, Digest> {
    /// Removes the string only if it has this digest (IFDEQ, of Redis alone).
    pub const fn ifdeq(digest: Digest) -> Self {
        DelexOptions { word: IfDeq::WORD, value: digest, given: PhantomData }
    }
}

impl DelexOptions<IfDne, Digest> {
    /// Removes the string only if it has another digest (IFDNE, of Redis alone).
    pub const fn ifdne(digest: Digest) -> Self {
        DelexOptions { word: IfDne::WORD, value: digest, given: PhantomData }
    }
}

impl<C, W: Argument> Arguments for DelexOptions<C, W> {
    type Item = W;
    fn count(&self) -> usize {
        2
    }
    fn write_all(&self, out: &mut Writer<'_>) {
        self.word.write(out);
        self.value.write(out);
    }
}

/// The need of a command on a string that writes a `V` on the condition `C`, which compares the old value with a `W`.
#[derive(Debug)]
pub struct WritesIf<V: ?Sized, C, W>(PhantomData<fn(&V) -> (C, W)>);

/// The need of a command on a string that removes it on the condition `C`, which compares the value with a `W`.
#[derive(Debug)]
pub struct RemovesIf<C, W>(PhantomData<fn() -> (C, W)>);

/// A condition, or none, under which a `W` is compared with a string that is read as a `T`.
pub trait Compares<W, T: ?Sized> {}

macro_rules! compares {
    ($([$($generics:tt)*] $condition:ty: $value:ty;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<$($generics)*> Compares<$value, T> for $condition {}
    )*};
}

compares! {
    [T: ?Sized] Unset: ();
    [T: ?Sized] Nx: ();
    [T: ?Sized] Xx: ();
    [T: ?Sized] IfDeq: Digest;
    [T: ?Sized] IfDne: Digest;
}
impl<T: ?Sized, W: StoredAs<T>> Compares<W, T> for IfEq {}
impl<T: ?Sized, W: StoredAs<T>> Compares<W, T> for IfNe {}

// Not recommended, because every error about a key would list them; `Str<WritesIf<i32, IfEq, &str>>` says what is needed.
#[diagnostic::do_not_recommend]
impl<T, V: StoredAs<T> + ?Sized, C: Compares<W, T>, W> Satisfies<Str<WritesIf<V, C, W>>> for Str<T> {}
#[diagnostic::do_not_recommend]
impl<T, C: Compares<W, T>, W> Satisfies<Str<RemovesIf<C, W>>> for Str<T> {}

/// The digest of a string, as DIGEST returns it and IFDEQ and IFDNE compare it: its XXH3 hash of 64 bits, which any
/// implementation of it computes.
///
/// ```
/// use typedis::commands::Digest;
///
/// assert_eq!(Digest(0xf34099ede96b5581).to_string(), "f34099ede96b5581"); // of "12345"
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Digest(pub u64);

impl fmt::Display for Digest {
    /// Writes the 16 hexadecimal digits that the server expects.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl Argument for Digest {
    fn write(&self, out: &mut Writer<'_>) {
        out.bulk(self.to_string().as_bytes());
    }
}
impl Arguments for Digest {
    type Item = Self;
    fn count(&self) -> usize {
        1
    }
    fn write_all(&self, out: &mut Writer<'_>) {
        self.write(out);
    }
}

#[diagnostic::do_not_recommend]
impl FromReply<Bulk> for Digest {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let text = reader.text()?;
        let digits = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u64::from_str_radix(text, 16).ok().filter(|_| digits);
        number
            .map(Digest)
            .ok_or_else(|| DecodeError::mismatch("a digest of 16 hexadecimal digits", format!("{text:?}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::option::encoded;

    #[test]
    fn a_condition_of_delex_is_two_words() {
        assert_eq!(encoded(&DelexOptions::ifeq("a")), "IFEQ a");
        assert_eq!(encoded(&DelexOptions::ifne(5)), "IFNE 5");
        assert_eq!(encoded(&DelexOptions::ifdeq(Digest(0xf340_99ed_e96b_5581))), "IFDEQ f34099ede96b5581");
        assert_eq!(encoded(&DelexOptions::ifdne(Digest(1))), "IFDNE 0000000000000001");
    }
}
