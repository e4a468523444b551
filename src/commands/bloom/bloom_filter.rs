//! Commands on Bloom filters.

use super::{
    arguments::{BloomInsertOptions, Capacity, ErrorRate, Growth, Items},
    info::{BloomFilterInfo, BloomInfoField},
    replies::OneFact,
};
use crate::{
    argument::{Argument, Arguments},
    error::ServerError,
    key::{Anything, BloomFilter, Writes},
};
use bytes::Bytes;

commands! {
    /// Commands on Bloom filters, of the module `bf`: sets of which only membership is known, with a probability that a missing
    /// item is taken for an existing one.
    ///
    /// A missing key counts as an empty filter in reads, and is made by the first item that is added. BF.EXISTS and BF.MEXISTS take
    /// a key of another type for an empty filter, too; all others fail with WRONGTYPE. The server cannot COPY such a key.
    ///
    /// A command that adds is a conflict for a transaction that [watches](crate::Pipeline::watch) the key, also where it fails or
    /// changes nothing.
    pub trait BloomFilterCommands in cmd;

    /// Adds an item to the filter at `key` and returns whether it is new.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the filter is full and does not grow.
    fn bf_add[V: Argument](key @ BloomFilter<Writes<V>>, item: V) -> Flag as bool
        = "BF.ADD" as BfAdd {
            since: module "bf" "1.0.0", arity: 3, access: ReadWrite, effect: Creates
        };

    /// Returns the number of different items that were added to the filter at `key`, as far as it can tell them apart; 0 if the key
    /// does not exist.
    fn bf_card(key @ BloomFilter<Anything>) -> Integer as u64
        = "BF.CARD" as BfCard {
            since: module "bf" "2.4.4", arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Returns whether the filter at `key` may have the item: `false` is certain.
    fn bf_exists[V: Argument](key @ BloomFilter<Writes<V>>, item: V) -> Flag as bool
        = "BF.EXISTS" as BfExists {
            since: module "bf" "1.0.0", arity: 3, access: ReadOnly, effect: Preserves, on_wrong_type: Ignores
        };

    /// Returns the facts of the filter at `key`.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist.
    fn bf_info(key @ BloomFilter<Anything>) -> Map<Bulk, Any> as BloomFilterInfo
        = "BF.INFO" as BfInfo {
            since: module "bf" "1.0.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Returns one fact of the filter at `key`; `None` is the expansion of a filter that does not grow.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist.
    fn bf_info_field(key @ BloomFilter<Anything>, field: BloomInfoField) -> OneFact as Option<u64>
        = "BF.INFO" as BfInfoField {
            since: module "bf" "1.0.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Adds items to the filter at `key` as [`bf_madd`](Self::bf_madd) does, and makes the filter with the server's defaults if there
    /// is none.
    fn bf_insert[V: Arguments](key @ BloomFilter<Writes<V>>, items: V)
        -> Array<Fallible<Flag>> as Vec<Result<bool, ServerError>>
        = "BF.INSERT" (&key, "ITEMS", Items(&items)) as BfInsert {
            since: module "bf" "1.0.0", arity: -4, access: ReadWrite, effect: Creates
        };

    /// Adds items to the filter at `key` as [`bf_madd`](Self::bf_madd) does, and to no other: the command fails if there is none
    /// (NOCREATE).
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist.
    fn bf_insert_nocreate[V: Arguments](key @ BloomFilter<Writes<V>>, items: V)
        -> Array<Fallible<Flag>> as Vec<Result<bool, ServerError>>
        = "BF.INSERT" (&key, "NOCREATE", "ITEMS", Items(&items)) as BfInsertNocreate {
            since: module "bf" "1.0.0", arity: -4, access: ReadWrite, effect: Creates
        };

    /// Adds items to the filter at `key` as [`bf_madd`](Self::bf_madd) does, and makes the filter as the options say if there is none.
    fn bf_insert_with[V: Arguments](key @ BloomFilter<Writes<V>>, items: V, options: BloomInsertOptions)
        -> Array<Fallible<Flag>> as Vec<Result<bool, ServerError>>
        = "BF.INSERT" (&key, &options, "ITEMS", Items(&items)) as BfInsertWith {
            since: module "bf" "1.0.0", arity: -4, access: ReadWrite, effect: Creates
        };

    /// Restores one part of a filter, of [`bf_scandump`](Self::bf_scandump), with the iterator that came with it. All parts are
    /// restored in their order, to a key that does not exist.
    fn bf_loadchunk(key @ BloomFilter<Anything>, iterator: i64, data: Bytes) -> Status as ()
        = "BF.LOADCHUNK" as BfLoadchunk {
            since: module "bf" "1.0.0", arity: 4, access: ReadWrite, effect: Creates
        };

    /// Adds items to the filter at `key` and returns for each, in order, whether it is new. If the filter is full and does not grow,
    /// the list ends with the error, and the items behind it were not added: it is shorter than `items`.
    fn bf_madd[V: Arguments](key @ BloomFilter<Writes<V>>, items: V)
        -> Array<Fallible<Flag>> as Vec<Result<bool, ServerError>>
        = "BF.MADD" (&key, Items(&items)) as BfMadd {
            since: module "bf" "1.0.0", arity: -3, access: ReadWrite, effect: Creates
        };

    /// Returns for each item whether the filter at `key` may have it: `false` is certain.
    fn bf_mexists[V: Arguments](key @ BloomFilter<Writes<V>>, items: V) -> Array<Flag> as Vec<bool>
        = "BF.MEXISTS" (&key, Items(&items)) as BfMexists {
            since: module "bf" "1.0.0", arity: -3, access: ReadOnly, effect: Preserves, on_wrong_type: Ignores
        };

    /// Makes an empty filter for `capacity` items that takes a missing item for an existing one with the probability `error_rate`,
    /// above 0 and below 1. It grows when it is full.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key exists.
    fn bf_reserve(key @ BloomFilter<Anything>, error_rate: f64, capacity: u64) -> Status as ()
        = "BF.RESERVE" (&key, ErrorRate(error_rate), Capacity(capacity)) as BfReserve {
            since: module "bf" "1.0.0", arity: -4, access: ReadWrite, effect: Creates
        };

    /// Makes an empty filter as [`bf_reserve`](Self::bf_reserve) does, which grows as `growth` says.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key exists.
    fn bf_reserve_with(key @ BloomFilter<Anything>, error_rate: f64, capacity: u64, growth: Growth) -> Status as ()
        = "BF.RESERVE" (&key, ErrorRate(error_rate), Capacity(capacity), &growth) as BfReserveWith {
            since: module "bf" "1.0.0", arity: -4, access: ReadWrite, effect: Creates
        };

    /// Returns one part of the filter at `key`, and the iterator of the next: begin with 0, and end when 0 comes back. The filter must
    /// not change meanwhile. [`bf_loadchunk`](Self::bf_loadchunk) restores it.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist.
    fn bf_scandump(key @ BloomFilter<Anything>, iterator: i64) -> Tuple<(Integer, Bulk)> as (i64, Bytes)
        = "BF.SCANDUMP" as BfScandump {
            since: module "bf" "1.0.0", arity: 3, access: ReadOnly, effect: Preserves
        };
}
