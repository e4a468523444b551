//! Options structs: their type state, and the declaration from which the number of their words and their bytes follow.

use super::flag::Introduced;
use crate::{
    argument::{Argument, Arguments},
    key::KeyType,
    resp::{CommandBuffer, FirstArgument, Name, Writer, encoded_len},
    version::{Redis5_0, Valkey7_2},
};

/// The state of an option that was not given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unset;

/// The state of an option that was given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IsSet;

/// The state of an option that may still be given: neither the option itself nor one that excludes it was given.
#[diagnostic::on_unimplemented(
    message = "this option contradicts `{Self}`, which was given before it",
    label = "excluded by an earlier option",
    note = "of options that exclude each other, give one: NX or XX, GT or LT, one expiry, one order"
)]
pub trait IsUnset {}
#[diagnostic::do_not_recommend]
impl IsUnset for Unset {}

impl Introduced for Unset {
    type Redis = Redis5_0;
    type Valkey = Valkey7_2;
}

/// Declares options structs: their type state, their fields, and the word before each field on the wire.
///
/// ```text
/// /// Docs of the struct.
/// #[derive(Clone, Copy, Debug)]
/// pub struct ZrangebyscoreOptions<S = Unset> with new {
///     withscores: bool = "WITHSCORES",
///     limit: Option<(u64, i64)> = "LIMIT",
/// }
/// ```
///
/// - `<'a, PARAM = DEFAULT>` are the lifetimes and the type state, as for any struct. A struct with parameters has a
///   private function `retyped`, which changes them: `ZaddOptions { ch: true, ..ZaddOptions::retyped(self) }`.
/// - `with new` declares `new()` and `Default`, for the parameters' defaults and without any field given. Without it
///   the constructors are written by hand, with `given: PhantomData` behind the fields.
/// - `field: TYPE = WORD` is an [`OptionField`]; fields are sent in their order. Without `= WORD` a field is sent
///   without a word before it. A word that is also a flag is written as `SetGet::WORD`.
macro_rules! options {
    ($(
        $(#[$meta:meta])*
        $vis:vis struct $name:ident
            $(<$($life:lifetime),* $(,)? $($param:ident $(= $default:ty)?),*>)? $(with $new:ident)?
        {
            $($field:ident : $type:ty $(= $word:expr)?),* $(,)?
        }
    )+) => {$(
        $(#[$meta])*
        #[must_use]
        $vis struct $name<$($($life,)* $($param $(= $default)?,)*)?> {
            $($field: $type,)*
            given: ::std::marker::PhantomData<fn() -> ($($($param,)*)?)>,
        }

        $crate::command::option::options!(@new [$($new)?] $name [$($($life)*)?] [$($field)*]);
        $crate::command::option::options!(@retyped $name [$($($life)*)?] [$($($param)*)?] [$($field)*]);

        impl<$($($life,)* $($param,)*)?> $crate::command::option::OptionField for $name<$($($life,)* $($param,)*)?> {
            #[inline]
            fn send(&self, word: Option<&'static str>, out: &mut impl $crate::command::option::WordSink) {
                out.word(word);
                $(self.$field.send($crate::command::option::options!(@word $($word)?), out);)*
            }
        }
        $crate::command::option::arguments!([$($($life,)* $($param,)*)?] $name<$($($life,)* $($param,)*)?>);
    )+};

    (@new [] $($struct:tt)*) => {};
    (@new [new] $name:ident [$($life:lifetime)*] [$($field:ident)*]) => {
        impl<$($life),*> $name<$($life),*> {
            /// Makes options without any given.
            pub const fn new() -> Self {
                $name {
                    $($field: $crate::command::option::Omittable::OMITTED,)*
                    given: ::std::marker::PhantomData,
                }
            }
        }

        impl<$($life),*> Default for $name<$($life),*> {
            fn default() -> Self {
                Self::new()
            }
        }
    };

    (@retyped $name:ident [$($life:lifetime)*] [] [$($field:ident)*]) => {};
    (@retyped $name:ident [$($life:lifetime)*] [$($param:ident)+] [$($field:ident)*]) => {
        impl<$($life,)* $($param),+> $name<$($life,)* $($param),+> {
            /// Changes the type state and keeps the fields.
            #[allow(dead_code, reason = "a parameter may be fixed by the constructor")]
            fn retyped(options: $name<$($life,)* $($crate::command::option::options!(@any $param)),+>) -> Self {
                $name { $($field: options.$field,)* given: ::std::marker::PhantomData }
            }
        }
    };
    (@any $param:ident) => { impl Sized };

    (@word) => { None };
    (@word $word:expr) => { Some($word) };
}
pub(crate) use options;

/// Declares enums whose variants are one word each on the wire: `pub enum Side { Left = "LEFT", Right = "RIGHT" }`.
macro_rules! words {
    ($(
        $(#[$meta:meta])*
        $vis:vis enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:expr),+ $(,)? }
    )+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        $vis enum $name {
            $($(#[$variant_meta])* $variant,)+
        }

        impl $name {
            /// Returns the word on the wire.
            #[inline]
            pub(crate) const fn word(self) -> &'static str {
                match self {
                    $($name::$variant => $word,)+
                }
            }

            /// Returns the variant of a word in a reply, in any case.
            #[allow(dead_code, reason = "not every word comes back in a reply")]
            pub(crate) fn named(word: &str) -> Option<Self> {
                [$($name::$variant),+].into_iter().find(|known| known.word().eq_ignore_ascii_case(word))
            }
        }

        impl $crate::command::option::OptionField for $name {
            #[inline]
            fn send(&self, word: Option<&'static str>, out: &mut impl $crate::command::option::WordSink) {
                out.word(word);
                out.argument(self.word());
            }
        }
        $crate::command::option::arguments!([] $name);
    )+};
}
pub(crate) use words;

/// Implements [`Arguments`](crate::argument::Arguments) by an [`OptionField`]: `arguments!([GENERICS] TYPE)`.
macro_rules! arguments {
    ([$($generics:tt)*] $type:ty) => {
        impl<$($generics)*> $crate::argument::Arguments for $type {
            type Item = Self;
            #[inline]
            fn count(&self) -> usize {
                $crate::command::option::count_words(self)
            }
            #[inline]
            fn write_all(&self, out: &mut $crate::resp::Writer) {
                $crate::command::option::OptionField::send(self, None, out);
            }
        }
    };
}
pub(crate) use arguments;

/// A field of an options struct, which knows its words on the wire.
pub(crate) trait OptionField {
    /// Sends the words to `out`, with `word` before each value. A field that was not given sends none.
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink);
}

/// A field that may be left out.
pub(crate) trait Omittable {
    /// The value of a field that was not given.
    const OMITTED: Self;
}

/// The target of an option's words: the request, or a counter. Both are driven by one function, so that the number of
/// words cannot differ from the words.
pub(crate) trait WordSink {
    /// Adds one argument.
    fn argument(&mut self, argument: &(impl Argument + ?Sized));

    /// Adds the word of an option, if it has one.
    #[inline]
    fn word(&mut self, word: Option<&'static str>) {
        if let Some(word) = word {
            self.argument(word);
        }
    }
}

impl WordSink for Writer<'_> {
    #[inline]
    fn argument(&mut self, argument: &(impl Argument + ?Sized)) {
        argument.write(self);
    }
}

struct WordCount(usize);

impl WordSink for WordCount {
    #[inline]
    fn argument(&mut self, _: &(impl Argument + ?Sized)) {
        self.0 += 1;
    }
}

/// Returns the number of words that `field` sends, by a dry run.
#[inline]
pub(crate) fn count_words(field: &impl OptionField) -> usize {
    let mut count = WordCount(0);
    field.send(None, &mut count);
    count.0
}

/// A flag: the word alone.
impl OptionField for bool {
    #[inline]
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        if *self {
            out.word(word);
        }
    }
}

impl Omittable for bool {
    const OMITTED: Self = false;
}

impl<F: OptionField> OptionField for Option<F> {
    #[inline]
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        if let Some(field) = self {
            field.send(word, out);
        }
    }
}

impl<F> Omittable for Option<F> {
    const OMITTED: Self = None;
}

/// Implements [`OptionField`] for types that are one argument: a word, and the value behind it.
macro_rules! values {
    ($($type:ty),*) => {$(
        impl $crate::command::option::OptionField for $type {
            #[inline]
            fn send(&self, word: Option<&'static str>, out: &mut impl $crate::command::option::WordSink) {
                out.word(word);
                out.argument(self);
            }
        }
    )*};
}
values! { i64, u32, u64, f64, str, [u8] }
pub(crate) use values;

impl<F: OptionField + ?Sized> OptionField for &F {
    #[inline]
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        (**self).send(word, out);
    }
}

impl OptionField for KeyType {
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        self.name().send(word, out);
    }
}

/// Two values after one word, as in `LIMIT 0 10`.
impl<A: Argument, B: Argument> OptionField for (A, B) {
    #[inline]
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        out.word(word);
        out.argument(&self.0);
        out.argument(&self.1);
    }
}

/// A value that the server would refuse for certain, with the reason why, so that the command is not sent; `None` is no
/// reason, and the value is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Checked<A>(pub(crate) A, pub(crate) Option<&'static str>);

impl<A: Argument> Argument for Checked<A> {
    fn write(&self, out: &mut Writer) {
        if let Some(reason) = self.1 {
            out.reject(reason);
        }
        self.0.write(out);
    }
}

impl<A: Argument> Arguments for Checked<A> {
    type Item = A;
    fn count(&self) -> usize {
        1
    }
    fn write_all(&self, out: &mut Writer) {
        self.write(out);
    }
}

impl<A: Argument> OptionField for Checked<A> {
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        out.word(word);
        out.argument(self);
    }
}

/// A value that options own, as the bytes that it is written as.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    bytes: Box<[u8]>,
    rejection: Option<&'static str>,
}

impl Word {
    pub(crate) fn of(value: &impl Argument) -> Self {
        const NAME: Name<{ encoded_len("WORD") }> = Name::new("WORD");
        let mut buffer = CommandBuffer::default();
        buffer.command(FirstArgument::Other, |out| {
            out.command(&NAME, 1);
            value.write(out);
        });
        let written = buffer.walk(0).next();
        let bytes = written.and_then(|word| word.arguments(1).first().map(|bytes| Box::from(*bytes)));
        let rejection = buffer.rejected().map(|rejected| rejected.reason);
        Word { bytes: bytes.unwrap_or_default(), rejection }
    }
}

impl OptionField for Word {
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        out.word(word);
        out.argument(&Checked(&*self.bytes, self.rejection));
    }
}

/// Any number of values after one word, as in `WEIGHTS 1 2 3`.
impl<A: Argument> OptionField for Vec<A> {
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        out.word(word);
        self.iter().for_each(|value| out.argument(value));
    }
}

/// An option that is given once for each value, as in `GET a GET b`.
#[derive(Clone, Debug)]
pub(crate) struct Repeated<F>(pub(crate) Vec<F>);

impl<F: OptionField> OptionField for Repeated<F> {
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        self.0.iter().for_each(|field| field.send(word, out));
    }
}

/// Encodes options as a command and returns their words; their number must be the announced one.
#[cfg(test)]
pub(crate) fn encoded(options: &(impl crate::argument::Arguments + ?Sized)) -> String {
    use crate::resp::{CommandBuffer, FirstArgument, Name, encoded_len};
    const NAME: Name<{ encoded_len("NAME") }> = Name::new("NAME");
    let mut buffer = CommandBuffer::default();
    buffer.command(FirstArgument::Other, |out| {
        out.command(&NAME, options.count());
        options.write_all(out);
    });
    assert_eq!(buffer.rejected(), None);
    let encoded = String::from_utf8(buffer.bytes().to_vec()).expect("the words are text");
    let words: Vec<_> = encoded.split("\r\n").skip(2).step_by(2).skip(1).collect();
    words.join(" ")
}
