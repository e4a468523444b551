//! Options of the commands on keys, and what these commands answer in codes and words.

use super::{
    Free, ScanOptions, Unset,
    option::{Asc, Desc, Freq, Gt, Idletime, Lt, Nx, OfType, OfferedBy, Xx},
};
use crate::{
    argument::{Argument, Arguments},
    key::{Anything, Reads},
    reply::{Array, Bulk, FromReply, Integer, Nullable, Status},
    resp::{Fault, Reader, Writer},
};
use std::marker::PhantomData;

/// Options of SCAN that name a type of keys, made by [`ScanOptions::of_type`].
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct KeyScanOptions<'a> {
    options: ScanOptions<'a>,
    kind: &'a KeyType,
}

impl<'a> ScanOptions<'a> {
    /// Leaves out keys of another type than `kind`, such as `&KeyType::Hash` (TYPE, since 6.0). For SCAN alone.
    pub const fn of_type(self, kind: &'a KeyType) -> KeyScanOptions<'a> {
        KeyScanOptions { options: self, kind }
    }
}

impl<'a> KeyScanOptions<'a> {
    /// See [`ScanOptions::matching`].
    pub fn matching<P: AsRef<[u8]> + ?Sized>(self, pattern: &'a P) -> Self {
        KeyScanOptions { options: self.options.matching(pattern), ..self }
    }

    /// See [`ScanOptions::count`].
    pub const fn count(self, elements: u64) -> Self {
        KeyScanOptions { options: self.options.count(elements), ..self }
    }
}

impl Arguments for KeyScanOptions<'_> {
    type Item = Self;
    fn count(&self) -> usize {
        Arguments::count(&self.options) + 2
    }
    fn write_all(&self, out: &mut Writer) {
        self.options.write_all(out);
        "TYPE".write(out);
        self.kind.name().write(out);
    }
}

/// Options that SCAN takes, on a server of the version `V`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not made of options of SCAN",
    label = "expected `ScanOptions`",
    note = "write `ScanOptions::new().matching(\"user:*\")`"
)]
pub trait KeyFilter<V>: Arguments {}
impl<V> KeyFilter<V> for ScanOptions<'_> {}
impl<V> KeyFilter<V> for KeyScanOptions<'_> where OfType: OfferedBy<V> {}

/// What a key holds, in the server's words.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyType {
    /// A string.
    String,
    /// A list.
    List,
    /// A set.
    Set,
    /// A sorted set, which the server calls `zset`.
    SortedSet,
    /// A hash.
    Hash,
    /// A stream.
    Stream,
    /// A type that a module of the server adds.
    Other(Box<str>),
}

impl KeyType {
    /// Returns the server's own name of the type, such as `zset`.
    pub fn name(&self) -> &str {
        match self {
            KeyType::String => "string",
            KeyType::List => "list",
            KeyType::Set => "set",
            KeyType::SortedSet => "zset",
            KeyType::Hash => "hash",
            KeyType::Stream => "stream",
            KeyType::Other(name) => name,
        }
    }

    fn named(name: &str) -> KeyType {
        match name {
            "string" => KeyType::String,
            "list" => KeyType::List,
            "set" => KeyType::Set,
            "zset" => KeyType::SortedSet,
            "hash" => KeyType::Hash,
            "stream" => KeyType::Stream,
            other => KeyType::Other(other.into()),
        }
    }
}

/// The shape of TYPE's reply: the name of a type, or `none`.
#[derive(Debug)]
pub struct TypeName;

#[diagnostic::do_not_recommend]
impl FromReply<TypeName> for Option<KeyType> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Fault> {
        Ok(Some(reader.text()?).filter(|name| *name != "none").map(KeyType::named))
    }
}
#[diagnostic::do_not_recommend]
impl FromReply<TypeName> for String {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Fault> {
        FromReply::<Status>::read(reader)
    }
}

macro_rules! lifetimes {
    ($($(#[$doc:meta])* $name:ident, $(#[$unit_doc:meta])* $unit:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            /// There is no such key.
            NoKey,
            /// The key does not expire.
            NoExpiry,
            $(#[$unit_doc])*
            $unit(u64),
        }

        #[diagnostic::do_not_recommend]
        impl FromReply<Integer> for $name {
            fn read(reader: &mut Reader<'_>) -> Result<Self, Fault> {
                match reader.integer()? {
                    -2 => Ok($name::NoKey),
                    -1 => Ok($name::NoExpiry),
                    time => u64::try_from(time)
                        .map($name::$unit)
                        .map_err(|_| Fault::mismatch("a time, -1 or -2", time)),
                }
            }
        }
    )*};
}

lifetimes! {
    /// How long a key lives, in seconds.
    Ttl,
        /// The key expires after so many seconds.
        Seconds;
    /// How long a key lives, in milliseconds.
    Pttl,
        /// The key expires after so many milliseconds.
        Milliseconds;
    /// When a key expires, in seconds.
    ExpireTime,
        /// The key expires so many seconds after the start of 1970.
        UnixSeconds;
    /// When a key expires, in milliseconds.
    PexpireTime,
        /// The key expires so many milliseconds after the start of 1970.
        UnixMilliseconds;
}

/// Options of EXPIRE and its kin, for [`expire_with`](crate::KeyCommands::expire_with): when the new expiry is taken.
/// They are there since 7.0.
///
/// NX excludes the others; GT and LT exclude each other. A key without expiry counts as one that expires at the end of
/// time.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct ExpireOptions<E = Unset, O = Unset> {
    existing: Option<&'static str>,
    order: Option<&'static str>,
    given: PhantomData<fn() -> (E, O)>,
}

impl ExpireOptions {
    /// Makes options of which none is given.
    pub const fn new() -> Self {
        ExpireOptions { existing: None, order: None, given: PhantomData }
    }
}

impl Default for ExpireOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl<E, O> ExpireOptions<E, O> {
    /// Sets the expiry only if the key has none (NX).
    pub fn nx(self) -> ExpireOptions<Nx, Nx>
    where
        E: Free,
        O: Free,
    {
        ExpireOptions { existing: Some("NX"), ..self.retyped() }
    }

    /// Sets the expiry only if the key has one (XX).
    pub fn xx(self) -> ExpireOptions<Xx, O>
    where
        E: Free,
    {
        ExpireOptions { existing: Some("XX"), ..self.retyped() }
    }

    /// Sets the expiry only if it is later than the one that the key has (GT).
    pub fn gt(self) -> ExpireOptions<E, Gt>
    where
        O: Free,
    {
        ExpireOptions { order: Some("GT"), ..self.retyped() }
    }

    /// Sets the expiry only if it is earlier than the one that the key has (LT).
    pub fn lt(self) -> ExpireOptions<E, Lt>
    where
        O: Free,
    {
        ExpireOptions { order: Some("LT"), ..self.retyped() }
    }

    fn retyped<E2, O2>(self) -> ExpireOptions<E2, O2> {
        ExpireOptions { existing: self.existing, order: self.order, given: PhantomData }
    }
}

impl<E, O> Arguments for ExpireOptions<E, O> {
    type Item = Self;
    fn count(&self) -> usize {
        usize::from(self.existing.is_some()) + usize::from(self.order.is_some())
    }
    fn write_all(&self, out: &mut Writer) {
        [self.existing, self.order].iter().flatten().for_each(|word| word.write(out));
    }
}

/// Options of COPY, for [`copy_with`](crate::KeyCommands::copy_with).
#[derive(Clone, Copy, Debug, Default)]
#[must_use]
pub struct CopyOptions {
    database: Option<u32>,
    replace: bool,
}

impl CopyOptions {
    /// Makes options of which none is given.
    pub const fn new() -> Self {
        CopyOptions { database: None, replace: false }
    }

    /// Copies to the database `database` (DB).
    pub const fn db(self, database: u32) -> Self {
        CopyOptions { database: Some(database), ..self }
    }

    /// Overwrites what the destination holds (REPLACE).
    pub const fn replace(self) -> Self {
        CopyOptions { replace: true, ..self }
    }
}

impl Arguments for CopyOptions {
    type Item = Self;
    fn count(&self) -> usize {
        2 * usize::from(self.database.is_some()) + usize::from(self.replace)
    }
    fn write_all(&self, out: &mut Writer) {
        if let Some(database) = self.database {
            "DB".write(out);
            database.write(out);
        }
        if self.replace {
            "REPLACE".write(out);
        }
    }
}

/// Options of RESTORE, for [`restore_with`](crate::KeyCommands::restore_with).
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct RestoreOptions<U = Unset> {
    replace: bool,
    absttl: bool,
    usage: Option<(&'static str, u64)>,
    given: PhantomData<fn() -> U>,
}

impl RestoreOptions {
    /// Makes options of which none is given.
    pub const fn new() -> Self {
        RestoreOptions { replace: false, absttl: false, usage: None, given: PhantomData }
    }
}

impl Default for RestoreOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl<U> RestoreOptions<U> {
    /// Overwrites what the key holds (REPLACE, since 3.0).
    pub const fn replace(self) -> Self {
        RestoreOptions { replace: true, ..self }
    }

    /// Takes the expiry as a Unix time in milliseconds (ABSTTL, since 5.0).
    pub const fn absttl(self) -> Self {
        RestoreOptions { absttl: true, ..self }
    }

    /// Says for how many seconds nobody used the key, for servers that evict by last use (IDLETIME, since 5.0).
    pub fn idletime(self, seconds: u64) -> RestoreOptions<Idletime>
    where
        U: Free,
    {
        self.used("IDLETIME", seconds)
    }

    /// Says how often the key is used, from 0 to 255, for servers that evict by frequency of use (FREQ, since 5.0).
    pub fn freq(self, frequency: u8) -> RestoreOptions<Freq>
    where
        U: Free,
    {
        self.used("FREQ", u64::from(frequency))
    }

    fn used<U2>(self, word: &'static str, value: u64) -> RestoreOptions<U2> {
        RestoreOptions { replace: self.replace, absttl: self.absttl, usage: Some((word, value)), given: PhantomData }
    }
}

impl<U> Arguments for RestoreOptions<U> {
    type Item = Self;
    fn count(&self) -> usize {
        usize::from(self.replace) + usize::from(self.absttl) + 2 * usize::from(self.usage.is_some())
    }
    fn write_all(&self, out: &mut Writer) {
        if self.replace {
            "REPLACE".write(out);
        }
        if self.absttl {
            "ABSTTL".write(out);
        }
        if let Some((word, value)) = self.usage {
            word.write(out);
            value.write(out);
        }
    }
}

/// Options of SORT, for [`sort_with`](crate::KeyCommands::sort_with): what it sorts by, in which order, how much of the
/// result is wanted, and what is returned.
///
/// [`new`](SortOptions::new) returns the elements themselves, [`get`](SortOptions::get) what stands at keys that are
/// named after them. `A` says what is returned, `O` whether an order was given.
///
/// In a pattern, `*` stands for the element, and `->` leads into a field of a hash: `user:*->name`.
#[derive(Clone, Debug)]
#[must_use]
pub struct SortOptions<'a, A, O = Unset> {
    by: Option<&'a [u8]>,
    limit: Option<(u64, u64)>,
    get: Vec<&'a [u8]>,
    order: Option<&'static str>,
    alpha: bool,
    answer: PhantomData<fn() -> (A, O)>,
}

impl<T> SortOptions<'_, SortElements<T>> {
    /// Makes options of which none is given: the elements are returned, as numbers in ascending order.
    pub const fn new() -> Self {
        SortOptions { by: None, limit: None, get: Vec::new(), order: None, alpha: false, answer: PhantomData }
    }
}

impl<T> Default for SortOptions<'_, SortElements<T>> {
    fn default() -> Self {
        Self::new()
    }
}

impl<'a> SortOptions<'a, SortValues<()>> {
    /// Makes options that return, instead of each element, the string at the key that `pattern` makes of it (GET); `#`
    /// is the element itself.
    ///
    /// Each is an `Option<T>`, `None` where there is no such string. With [`and_get`](SortOptions::and_get) each
    /// element becomes a tuple of them.
    pub fn get<T: FromReply<Bulk>>(pattern: &'a (impl AsRef<[u8]> + ?Sized)) -> SortOptions<'a, SortValues<(T,)>> {
        SortOptions { get: vec![pattern.as_ref()], ..SortOptions::<SortElements<()>>::new().retyped() }
    }
}

impl<'a, A, O> SortOptions<'a, A, O> {
    /// Sorts by the string at the key that `pattern` makes of each element, instead of by the element (BY). A pattern
    /// without `*`, such as `nosort`, leaves the elements as they are.
    pub fn by(self, pattern: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        SortOptions { by: Some(pattern.as_ref()), ..self }
    }

    /// Returns at most `count` elements, leaving out the first `offset` (LIMIT).
    pub fn limit(self, offset: u64, count: u64) -> Self {
        SortOptions { limit: Some((offset, count)), ..self }
    }

    /// Sorts from the least to the greatest, as the server does when it is not told (ASC).
    pub fn asc(self) -> SortOptions<'a, A, Asc>
    where
        O: Free,
    {
        SortOptions { order: Some("ASC"), ..self.retyped() }
    }

    /// Sorts from the greatest to the least (DESC).
    pub fn desc(self) -> SortOptions<'a, A, Desc>
    where
        O: Free,
    {
        SortOptions { order: Some("DESC"), ..self.retyped() }
    }

    /// Sorts as text, not as numbers (ALPHA).
    pub fn alpha(self) -> Self {
        SortOptions { alpha: true, ..self }
    }

    /// Returns also the string at the key that `pattern` makes of each element (GET once more), up to six in all. Needs
    /// options that began with [`get`](SortOptions::get).
    pub fn and_get<T: FromReply<Bulk>>(
        mut self,
        pattern: &'a (impl AsRef<[u8]> + ?Sized),
    ) -> SortOptions<'a, A::More, O>
    where
        A: MoreValues<T> + TakesMore,
    {
        self.get.push(pattern.as_ref());
        self.retyped()
    }

    fn retyped<A2, O2>(self) -> SortOptions<'a, A2, O2> {
        SortOptions {
            by: self.by,
            limit: self.limit,
            get: self.get,
            order: self.order,
            alpha: self.alpha,
            answer: PhantomData,
        }
    }
}

impl<A, O> Arguments for SortOptions<'_, A, O> {
    type Item = Self;
    fn count(&self) -> usize {
        2 * usize::from(self.by.is_some())
            + 3 * usize::from(self.limit.is_some())
            + 2 * self.get.len()
            + usize::from(self.order.is_some())
            + usize::from(self.alpha)
    }
    fn write_all(&self, out: &mut Writer) {
        if let Some(pattern) = self.by {
            "BY".write(out);
            pattern.write(out);
        }
        if let Some((offset, count)) = self.limit {
            "LIMIT".write(out);
            offset.write(out);
            count.write(out);
        }
        for pattern in &self.get {
            "GET".write(out);
            pattern.write(out);
        }
        if let Some(order) = self.order {
            order.write(out);
        }
        if self.alpha {
            "ALPHA".write(out);
        }
    }
}

/// The elements themselves, read as `T`.
#[derive(Debug)]
pub struct SortElements<T>(PhantomData<fn() -> T>);

/// What was found at keys that are named after the elements: a tuple of the types that it is read as.
#[derive(Debug)]
pub struct SortValues<T>(PhantomData<fn() -> T>);

/// What is returned when a value read as `T` is added.
pub trait MoreValues<T> {
    /// The values with the added one; what takes none stays as it is.
    type More;
}

impl<E, T> MoreValues<T> for SortElements<E> {
    type More = Self;
}
impl<A, B, C, D, E, F, T> MoreValues<T> for SortValues<(A, B, C, D, E, F)> {
    type More = Self;
}

/// Values of each element to which another one can be added.
#[diagnostic::on_unimplemented(
    message = "`and_get` adds to what `SortOptions::get` began with, and these options return `{Self}`",
    label = "no pattern to add to, or six already",
    note = "begin with `SortOptions::get`; for the element itself the pattern is `#`: `SortOptions::get::<i64>(\"#\")`"
)]
pub trait TakesMore {}

/// What SORT answers, by its options.
pub trait SortReply {
    /// What it needs to know of the key's elements.
    type Need;
    /// The reply's shape.
    type Shape;
    /// The reply's type.
    type Reply: FromReply<Self::Shape>;
}

impl<T: FromReply<Bulk>> SortReply for SortElements<T> {
    type Need = Reads<T>;
    type Shape = Array<Bulk>;
    type Reply = Vec<T>;
}

impl<T: FromReply<Bulk>> SortReply for SortValues<(T,)> {
    type Need = Anything;
    type Shape = Array<Nullable<Bulk>>;
    type Reply = Vec<Option<T>>;
}

/// The shape of a reply of several values for each element, one after the other.
#[derive(Debug)]
pub struct SortRows;

macro_rules! found {
    ($(($($type:ident),+), $next:ident, $len:literal;)*) => {$(
        impl<$($type,)+ $next> MoreValues<$next> for SortValues<($($type,)+)> {
            type More = SortValues<($($type,)+ $next)>;
        }
        #[diagnostic::do_not_recommend]
        impl<$($type,)+> TakesMore for SortValues<($($type,)+)> {}

        impl<$($type: FromReply<Bulk>,)+ $next: FromReply<Bulk>> SortReply for SortValues<($($type,)+ $next)> {
            type Need = Anything;
            type Shape = SortRows;
            type Reply = Vec<($(Option<$type>,)+ Option<$next>)>;
        }

        #[diagnostic::do_not_recommend]
        impl<$($type: FromReply<Bulk>,)+ $next: FromReply<Bulk>> FromReply<SortRows>
            for Vec<($(Option<$type>,)+ Option<$next>)>
        {
            fn read(reader: &mut Reader<'_>) -> Result<Self, Fault> {
                let count = reader.array()?;
                if count % $len != 0 {
                    return Err(Fault::mismatch(concat!("rows of ", $len), format!("an array of {count} elements")));
                }
                (0..count / $len)
                    .map(|_| Ok(($(nullable::<$type>(reader)?,)+ nullable::<$next>(reader)?)))
                    .collect()
            }
        }
    )*};
}

found! {
    (A), B, 2;
    (A, B), C, 3;
    (A, B, C), D, 4;
    (A, B, C, D), E, 5;
    (A, B, C, D, E), F, 6;
}

fn nullable<T: FromReply<Bulk>>(reader: &mut Reader<'_>) -> Result<Option<T>, Fault> {
    FromReply::<Nullable<Bulk>>::read(reader)
}
