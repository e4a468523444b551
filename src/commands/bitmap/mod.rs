//! Commands on bits: strings as arrays of bits, and of numbers of any number of bits.
//!
//! ```
//! use typedis::{Client, Key, commands::bitmap::BitRange, key::Bitmap, prelude::*};
//!
//! const VISITORS: Key<Bitmap> = Key::new("visitors:monday");
//!
//! # async fn example(client: &Client) -> typedis::Result<()> {
//! for user in [3, 17, 3000] {
//!     client.setbit(VISITORS, user, true).await?;
//! }
//! assert!(client.getbit(VISITORS, 17).await?);
//! assert_eq!(client.bitcount(VISITORS).await?, 3);
//! assert_eq!(client.bitcount_with(VISITORS, BitRange::bytes(0, 10)).await?, 2);
//! assert_eq!(client.bitpos(VISITORS, true).await?, Some(3));
//! # Ok(()) }
//! # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
//! ```

pub(crate) mod options;

pub use options::{BitField, BitRange, BitfieldOptions, BitfieldReply, Overflow, ReadsBits};

use crate::{command::flag::AvailableSince, key::Bitmap};
use options::Whole;

commands! {
    /// Commands on bits: strings as arrays of bits, and of numbers of any number of bits.
    ///
    /// The bit 0 is the highest one of the first byte. A missing key counts as an empty string, bits behind the end of a
    /// string are 0, and writing behind the end makes the string longer. They fail with WRONGTYPE if a key holds
    /// anything but a string; the commands on strings work on bitmaps, too.
    ///
    /// A bitmap takes as many bytes as its highest bit needs, so one bit at a high offset can take 512 MiB.
    pub trait BitmapCommands in cmd;

    /// Returns the number of set bits in the string at `key`.
    fn bitcount(key @ Bitmap) -> Integer as u64
        = "BITCOUNT" as Bitcount {
            since: redis "2.6.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Returns the number of set bits in a part of the string at `key`.
    fn bitcount_with[U: AvailableSince<Self::Server>](key @ Bitmap, range: BitRange<U>) -> Integer as u64
        = "BITCOUNT" (&key, Whole(&range)) as BitcountWith {
            since: redis "2.6.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Reads and writes numbers in the string at `key`, in the order of the operations, and returns a number for each:
    /// GET the number, SET the old one, INCRBY the new one. With OVERFLOW FAIL it is `None` for an operation that did
    /// nothing.
    ///
    /// # Errors
    ///
    /// [`Argument`](crate::Error::Argument) if an unsigned number has more than 63 bits, a signed one more than 64, or
    /// any of them none.
    fn bitfield[W: Sized]<F: BitfieldReply>(key @ Bitmap, operations: BitfieldOptions<W, F>) -> F::Shape as F::Reply
        = "BITFIELD" as Bitfield {
            since: redis "3.2.0", arity: -2, access: ReadWrite, effect: Preserves
        };

    /// Reads numbers in the string at `key`, in the order of the operations, all of which are GET.
    ///
    /// # Errors
    ///
    /// Those of [`bitfield`](Self::bitfield).
    fn bitfield_ro[W: ReadsBits](key @ Bitmap, operations: BitfieldOptions<W>) -> Array<Integer> as Vec<i64>
        = "BITFIELD_RO" as BitfieldRo {
            since: redis "6.0.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Stores the bits that all of the strings at `keys` have at `destination`, overwrites any value there, and returns
    /// the length in bytes, that of the longest string. If it is 0, `destination` is removed.
    fn bitop_and(destination @ Bitmap => Unknown, keys @@ Bitmap) -> Integer as u64
        = "BITOP" ("AND", &destination, &keys) as BitopAnd {
            since: redis "2.6.0", arity: -4, access: ReadWrite, effect: Preserves
        };

    /// Stores the bits that the string at `key` and any of those at `others` have, as [`bitop_and`](Self::bitop_and)
    /// does.
    fn bitop_andor(destination @ Bitmap => Unknown, key @ Bitmap, others @@ Bitmap) -> Integer as u64
        = "BITOP" ("ANDOR", &destination, &key, &others) as BitopAndor {
            since: redis "8.2.0", valkey never, arity: -4, access: ReadWrite, effect: Preserves,
            fallback: "use BITOP OR of the others, and AND of both"
        };

    /// Stores the bits that the string at `key` and none of those at `others` has, as [`bitop_and`](Self::bitop_and)
    /// does.
    fn bitop_diff(destination @ Bitmap => Unknown, key @ Bitmap, others @@ Bitmap) -> Integer as u64
        = "BITOP" ("DIFF", &destination, &key, &others) as BitopDiff {
            since: redis "8.2.0", valkey never, arity: -4, access: ReadWrite, effect: Preserves,
            fallback: "use BITOP OR and NOT of the others, and AND with the first"
        };

    /// Stores the bits that any of the strings at `others` has and not that at `key`, as [`bitop_and`](Self::bitop_and)
    /// does.
    fn bitop_diff1(destination @ Bitmap => Unknown, key @ Bitmap, others @@ Bitmap) -> Integer as u64
        = "BITOP" ("DIFF1", &destination, &key, &others) as BitopDiff1 {
            since: redis "8.2.0", valkey never, arity: -4, access: ReadWrite, effect: Preserves,
            fallback: "use BITOP OR of the others, and AND with NOT of the first"
        };

    /// Stores the bits of the string at `key`, each of them inverted, as [`bitop_and`](Self::bitop_and) does.
    fn bitop_not(destination @ Bitmap => Unknown, key @ Bitmap) -> Integer as u64
        = "BITOP" ("NOT", &destination, &key) as BitopNot {
            since: redis "2.6.0", arity: -4, access: ReadWrite, effect: Preserves
        };

    /// Stores the bits that exactly one of the strings at `keys` has, as [`bitop_and`](Self::bitop_and) does.
    fn bitop_one(destination @ Bitmap => Unknown, keys @@ Bitmap) -> Integer as u64
        = "BITOP" ("ONE", &destination, &keys) as BitopOne {
            since: redis "8.2.0", valkey never, arity: -4, access: ReadWrite, effect: Preserves,
            fallback: "use BITOP XOR for two keys, and BITOP AND and NOT for what more than two share"
        };

    /// Stores the bits that any of the strings at `keys` has, as [`bitop_and`](Self::bitop_and) does.
    fn bitop_or(destination @ Bitmap => Unknown, keys @@ Bitmap) -> Integer as u64
        = "BITOP" ("OR", &destination, &keys) as BitopOr {
            since: redis "2.6.0", arity: -4, access: ReadWrite, effect: Preserves
        };

    /// Stores the bits that an odd number of the strings at `keys` have, as [`bitop_and`](Self::bitop_and) does.
    fn bitop_xor(destination @ Bitmap => Unknown, keys @@ Bitmap) -> Integer as u64
        = "BITOP" ("XOR", &destination, &keys) as BitopXor {
            since: redis "2.6.0", arity: -4, access: ReadWrite, effect: Preserves
        };

    /// Returns the position of the first set bit in the string at `key`, or of the first clear one, or `None` if there
    /// is no such bit. A string of set bits alone has its first clear bit behind its end.
    fn bitpos(key @ Bitmap, bit: bool) -> Offset as Option<u64>
        = "BITPOS" as Bitpos {
            since: redis "2.8.7", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns the position of the first set bit in a part of the string at `key`, or of the first clear one, or `None`
    /// if there is no such bit. It counts from the begin of the string.
    fn bitpos_with[U: AvailableSince<Self::Server>](key @ Bitmap, bit: bool, range: BitRange<U>) -> Offset as Option<u64>
        = "BITPOS" as BitposWith {
            since: redis "2.8.7", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns whether the bit at `offset` of the string at `key` is set.
    fn getbit(key @ Bitmap, offset: u64) -> Flag as bool
        = "GETBIT" as Getbit {
            since: redis "2.2.0", arity: 3, access: ReadOnly, effect: Preserves
        };

    /// Sets or clears the bit at `offset` of the string at `key` and returns whether it was set.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the string would be longer than the server allows, 512 MiB unless
    /// configured.
    fn setbit(key @ Bitmap, offset: u64, bit: bool) -> Flag as bool
        = "SETBIT" as Setbit {
            since: redis "2.2.0", arity: 4, access: ReadWrite, effect: Creates
        };
}
