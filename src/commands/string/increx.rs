//! Options of INCREX and its reply.

use crate::{
    argument::{Arguments, Writer},
    command::{
        flag::{Ex, ExAt, Persist, Px, PxAt},
        option::{IsUnset, OptionField, Unset, WordSink, options},
    },
    reply::{Double, FromReply, Integer, Tuple},
    resp::{DecodeError, Reader},
};
use std::marker::PhantomData;

options! {
    /// Options of INCREX, for [`increx_with`](crate::commands::StringCommands::increx_with): what is added, within which
    /// bounds, and the expiry of the key. `N` is `i64` or `f64`.
    ///
    /// ```
    /// use typedis::options::IncrexOptions;
    ///
    /// // At most 10 calls a minute, from the first one on.
    /// let limit = IncrexOptions::byint(1).ubound(10).ex(60).enx();
    /// ```
    #[derive(Clone, Copy, Debug)]
    pub struct IncrexOptions<N, E = Unset> {
        by: Option<Amount>,
        lbound: Option<Amount> = "LBOUND",
        ubound: Option<Amount> = "UBOUND",
        saturate: bool = "SATURATE",
        expiry: Option<&'static str>,
        time: Option<u64>,
        enx: bool = "ENX",
    }
}

/// A number that is added, or a bound, with the word before it if it is added.
#[derive(Clone, Copy, Debug)]
enum Amount {
    Integer(i64),
    Float(f64),
}

impl Amount {
    fn exceeds(self, other: Amount) -> bool {
        match (self, other) {
            (Amount::Integer(one), Amount::Integer(other)) => one > other,
            (Amount::Float(one), Amount::Float(other)) => one > other,
            _ => false,
        }
    }
}

impl OptionField for Amount {
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        match self {
            Amount::Integer(number) => {
                out.word(word.or(Some("BYINT")));
                out.argument(number);
            }
            Amount::Float(number) => {
                out.word(word.or(Some("BYFLOAT")));
                out.argument(number);
            }
        }
    }
}

macro_rules! numbers {
    ($($type:ty, $amount:ident, $by:ident, $(#[$by_doc:meta])*;)*) => {$(
        impl IncrexOptions<$type> {
            $(#[$by_doc])*
            pub const fn $by(by: $type) -> Self {
                IncrexOptions {
                    by: Some(Amount::$amount(by)),
                    lbound: None,
                    ubound: None,
                    saturate: false,
                    expiry: None,
                    time: None,
                    enx: false,
                    given: PhantomData,
                }
            }
        }

        impl<E> IncrexOptions<$type, E> {
            /// Refuses a result below `bound` (LBOUND), or with [`saturate`](Self::saturate) stores `bound`. A lower bound
            /// above the upper one is an [`Error::Argument`](crate::Error::Argument) before anything is sent.
            pub fn lbound(self, bound: $type) -> Self {
                IncrexOptions { lbound: Some(Amount::$amount(bound)), ..self }
            }

            /// Refuses a result above `bound` (UBOUND), or with [`saturate`](Self::saturate) stores `bound`.
            pub fn ubound(self, bound: $type) -> Self {
                IncrexOptions { ubound: Some(Amount::$amount(bound)), ..self }
            }
        }
    )*};
}

numbers! {
    i64, Integer, byint, #[doc = "Adds `by` to the integer at the key (BYINT)."];
    f64, Float, byfloat, #[doc = "Adds `by` to the number at the key (BYFLOAT)."];
}

impl<N, E> IncrexOptions<N, E> {
    /// Stores the bound in place of a result that is beyond it (SATURATE).
    pub fn saturate(self) -> Self {
        IncrexOptions { saturate: true, ..self }
    }

    /// Sets the expiry to `seconds` from now (EX).
    pub fn ex(self, seconds: u64) -> IncrexOptions<N, Ex>
    where
        E: IsUnset,
    {
        self.expiring(Ex::WORD, Some(seconds))
    }

    /// Sets the expiry to `milliseconds` from now (PX).
    pub fn px(self, milliseconds: u64) -> IncrexOptions<N, Px>
    where
        E: IsUnset,
    {
        self.expiring(Px::WORD, Some(milliseconds))
    }

    /// Sets the expiry to the Unix time `seconds` (EXAT).
    pub fn exat(self, seconds: u64) -> IncrexOptions<N, ExAt>
    where
        E: IsUnset,
    {
        self.expiring(ExAt::WORD, Some(seconds))
    }

    /// Sets the expiry to the Unix time `milliseconds` (PXAT).
    pub fn pxat(self, milliseconds: u64) -> IncrexOptions<N, PxAt>
    where
        E: IsUnset,
    {
        self.expiring(PxAt::WORD, Some(milliseconds))
    }

    /// Removes the key's expiry (PERSIST).
    pub fn persist(self) -> IncrexOptions<N, Persist>
    where
        E: IsUnset,
    {
        self.expiring(Persist::WORD, None)
    }

    /// Sets the expiry only if the key has none (ENX).
    pub fn enx(self) -> Self
    where
        E: TakesEnx,
    {
        IncrexOptions { enx: true, ..self }
    }

    fn expiring<E2>(self, word: &'static str, time: Option<u64>) -> IncrexOptions<N, E2> {
        let IncrexOptions { by, lbound, ubound, saturate, enx, .. } = self;
        IncrexOptions { by, lbound, ubound, saturate, expiry: Some(word), time, enx, given: PhantomData }
    }
}

/// An expiry that ENX can be applied to.
#[diagnostic::on_unimplemented(
    message = "ENX needs a time to set, and this is `{Self}`",
    label = "not without EX, PX, EXAT or PXAT before it",
    note = "write the expiry first: `IncrexOptions::byint(1).ex(60).enx()`"
)]
pub trait TakesEnx {}
#[diagnostic::do_not_recommend]
impl TakesEnx for Ex {}
#[diagnostic::do_not_recommend]
impl TakesEnx for Px {}
#[diagnostic::do_not_recommend]
impl TakesEnx for ExAt {}
#[diagnostic::do_not_recommend]
impl TakesEnx for PxAt {}

/// [`IncrexOptions`] with a check of their bounds.
pub(crate) struct Bounded<'a, N, E>(pub(crate) &'a IncrexOptions<N, E>);

impl<N, E> Arguments for Bounded<'_, N, E> {
    type Item = Self;
    fn count(&self) -> usize {
        self.0.count()
    }
    fn write_all(&self, out: &mut Writer<'_>) {
        if let (Some(lower), Some(upper)) = (self.0.lbound, self.0.ubound) {
            if lower.exceeds(upper) {
                out.reject("the lower bound must not be above the upper one");
            }
        }
        self.0.write_all(out);
    }
}

/// The reply of INCREX: the value of the key, and what was added to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Incremented<N> {
    /// The value of the key afterwards; 0 for a key that is still missing.
    pub value: N,
    /// The number that was added: what was asked for, less than that with SATURATE, or 0 if the result would have been out
    /// of bounds.
    pub applied: N,
}

/// A type of number that INCREX adds: `i64` or `f64`.
#[diagnostic::on_unimplemented(
    message = "INCREX adds no `{Self}`",
    label = "expected `i64` or `f64`",
    note = "begin with `IncrexOptions::byint(1)` or `IncrexOptions::byfloat(0.5)`"
)]
pub trait IncrexNumber {
    /// The reply's shape.
    type Shape;
    /// The reply's type.
    type Reply: FromReply<Self::Shape>;
}

macro_rules! replies {
    ($($type:ty: $shape:ty;)*) => {$(
        impl IncrexNumber for $type {
            type Shape = Tuple<($shape, $shape)>;
            type Reply = Incremented<$type>;
        }

        #[diagnostic::do_not_recommend]
        impl FromReply<Tuple<($shape, $shape)>> for Incremented<$type> {
            fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
                let (value, applied) = FromReply::<Tuple<($shape, $shape)>>::read(reader)?;
                Ok(Incremented { value, applied })
            }
        }
    )*};
}

replies! {
    i64: Integer;
    f64: Double;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::option::encoded;

    #[test]
    fn options_of_increx_are_its_words() {
        assert_eq!(encoded(&IncrexOptions::byint(1)), "BYINT 1");
        let limit = IncrexOptions::byint(-2).ubound(10).lbound(-3).ex(60).enx().saturate();
        assert_eq!(encoded(&Bounded(&limit)), "BYINT -2 LBOUND -3 UBOUND 10 SATURATE EX 60 ENX");
        let float = IncrexOptions::byfloat(0.5).lbound(1.5).ubound(1.5);
        assert_eq!(encoded(&Bounded(&float.persist())), "BYFLOAT 0.5 LBOUND 1.5 UBOUND 1.5 PERSIST");
        assert_eq!(encoded(&float.px(7).enx()), "BYFLOAT 0.5 LBOUND 1.5 UBOUND 1.5 PX 7 ENX");
        assert_eq!(encoded(&IncrexOptions::byint(1).exat(9)), "BYINT 1 EXAT 9");
        assert_eq!(encoded(&IncrexOptions::byint(1).pxat(11)), "BYINT 1 PXAT 11");
    }
}
