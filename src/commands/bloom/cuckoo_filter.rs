//! Commands on Cuckoo filters.

use super::{
    arguments::{Capacity, CuckooReserve, CuckooReserveOptions, Items},
    info::CuckooFilterInfo,
    replies::{CuckooInserted, CuckooInsertedNx},
};
use crate::{
    argument::{Argument, Arguments},
    key::{Anything, CuckooFilter, Writes},
};
use bytes::Bytes;

commands! {
    /// Commands on Cuckoo filters, of the module `bf`: like Bloom filters, with items that can be deleted, and added several times.
    ///
    /// A missing key counts as an empty filter in reads, and is made by the first item that is added. CF.EXISTS, CF.MEXISTS and
    /// CF.COUNT take a key of another type for an empty filter, too; all others fail. The server cannot COPY such a key.
    ///
    /// A command that adds is a conflict for a transaction that [watches](crate::Pipeline::watch) the key, also where it fails or
    /// changes nothing.
    pub trait CuckooFilterCommands in cmd;

    /// Adds an item to the filter at `key`, be it there already, and returns `true`.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the filter is full.
    fn cf_add[V: Argument](key @ CuckooFilter<Writes<V>>, item: V) -> Flag as bool
        = "CF.ADD" as CfAdd {
            since: module "bf" "1.0.0", arity: 3, access: ReadWrite, effect: Creates
        };

    /// Adds an item to the filter at `key` unless it may be there already, and returns whether it was added.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the filter is full.
    fn cf_addnx[V: Argument](key @ CuckooFilter<Writes<V>>, item: V) -> Flag as bool
        = "CF.ADDNX" as CfAddnx {
            since: module "bf" "1.0.0", arity: 3, access: ReadWrite, effect: Creates
        };

    /// Returns how often the filter at `key` may have the item: never less than it has.
    fn cf_count[V: Argument](key @ CuckooFilter<Writes<V>>, item: V) -> Integer as u64
        = "CF.COUNT" as CfCount {
            since: module "bf" "1.0.0", arity: 3, access: ReadOnly, effect: Preserves, on_wrong_type: Ignores
        };

    /// Deletes an item from the filter at `key` once, and returns whether it was found. An item that was never added must not be
    /// deleted: another one, which the filter takes for it, may be deleted in its place.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist, or holds another type.
    fn cf_del[V: Argument](key @ CuckooFilter<Writes<V>>, item: V) -> Flag as bool
        = "CF.DEL" as CfDel {
            since: module "bf" "1.0.0", arity: 3, access: ReadWrite, effect: Preserves
        };

    /// Returns whether the filter at `key` may have the item: `false` is certain.
    fn cf_exists[V: Argument](key @ CuckooFilter<Writes<V>>, item: V) -> Flag as bool
        = "CF.EXISTS" as CfExists {
            since: module "bf" "1.0.0", arity: 3, access: ReadOnly, effect: Preserves, on_wrong_type: Ignores
        };

    /// Returns the facts of the filter at `key`.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist.
    fn cf_info(key @ CuckooFilter<Anything>) -> Map<Bulk, Any> as CuckooFilterInfo
        = "CF.INFO" as CfInfo {
            since: module "bf" "1.0.0", arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Adds items to the filter at `key`, be they there already, and returns the result of each in order. The filter is made with the
    /// server's defaults if there is none.
    fn cf_insert[V: Arguments](key @ CuckooFilter<Writes<V>>, items: V) -> Array<Flag> as Vec<CuckooInserted>
        = "CF.INSERT" (&key, "ITEMS", Items(&items)) as CfInsert {
            since: module "bf" "1.0.0", arity: -4, access: ReadWrite, effect: Creates
        };

    /// Adds items as [`cf_insert`](Self::cf_insert) does, and makes the filter for `capacity` items if there is none (CAPACITY).
    fn cf_insert_capacity[V: Arguments](key @ CuckooFilter<Writes<V>>, items: V, capacity: u64)
        -> Array<Flag> as Vec<CuckooInserted>
        = "CF.INSERT" (&key, "CAPACITY", Capacity(capacity), "ITEMS", Items(&items)) as CfInsertCapacity {
            since: module "bf" "1.0.0", arity: -4, access: ReadWrite, effect: Creates
        };

    /// Adds items as [`cf_insert`](Self::cf_insert) does, and to no new filter (NOCREATE).
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist.
    fn cf_insert_nocreate[V: Arguments](key @ CuckooFilter<Writes<V>>, items: V)
        -> Array<Flag> as Vec<CuckooInserted>
        = "CF.INSERT" (&key, "NOCREATE", "ITEMS", Items(&items)) as CfInsertNocreate {
            since: module "bf" "1.0.0", arity: -4, access: ReadWrite, effect: Creates
        };

    /// Adds the items that are not in the filter at `key` yet, and returns the result of each in order. The filter is made with the
    /// server's defaults if there is none.
    fn cf_insertnx[V: Arguments](key @ CuckooFilter<Writes<V>>, items: V) -> Array<Integer> as Vec<CuckooInsertedNx>
        = "CF.INSERTNX" (&key, "ITEMS", Items(&items)) as CfInsertnx {
            since: module "bf" "1.0.0", arity: -4, access: ReadWrite, effect: Creates
        };

    /// Adds items as [`cf_insertnx`](Self::cf_insertnx) does, and makes the filter for `capacity` items if there is none (CAPACITY).
    fn cf_insertnx_capacity[V: Arguments](key @ CuckooFilter<Writes<V>>, items: V, capacity: u64)
        -> Array<Integer> as Vec<CuckooInsertedNx>
        = "CF.INSERTNX" (&key, "CAPACITY", Capacity(capacity), "ITEMS", Items(&items)) as CfInsertnxCapacity {
            since: module "bf" "1.0.0", arity: -4, access: ReadWrite, effect: Creates
        };

    /// Adds items as [`cf_insertnx`](Self::cf_insertnx) does, and to no new filter (NOCREATE).
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist.
    fn cf_insertnx_nocreate[V: Arguments](key @ CuckooFilter<Writes<V>>, items: V)
        -> Array<Integer> as Vec<CuckooInsertedNx>
        = "CF.INSERTNX" (&key, "NOCREATE", "ITEMS", Items(&items)) as CfInsertnxNocreate {
            since: module "bf" "1.0.0", arity: -4, access: ReadWrite, effect: Creates
        };

    /// Restores one part of a filter, of [`cf_scandump`](Self::cf_scandump), with the iterator that came with it. All parts are
    /// restored in their order, to a key that does not exist.
    fn cf_loadchunk(key @ CuckooFilter<Anything>, iterator: i64, data: Bytes) -> Status as ()
        = "CF.LOADCHUNK" as CfLoadchunk {
            since: module "bf" "1.0.0", arity: 4, access: ReadWrite, effect: Creates
        };

    /// Returns for each item whether the filter at `key` may have it: `false` is certain.
    fn cf_mexists[V: Arguments](key @ CuckooFilter<Writes<V>>, items: V) -> Array<Flag> as Vec<bool>
        = "CF.MEXISTS" (&key, Items(&items)) as CfMexists {
            since: module "bf" "1.0.0", arity: -3, access: ReadOnly, effect: Preserves, on_wrong_type: Ignores
        };

    /// Makes an empty filter for `capacity` items, at least two buckets of them.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key exists.
    fn cf_reserve(key @ CuckooFilter<Anything>, capacity: u64) -> Status as ()
        = "CF.RESERVE" (&key, CuckooReserve(capacity, &CuckooReserveOptions::new())) as CfReserve {
            since: module "bf" "1.0.0", arity: -3, access: ReadWrite, effect: Creates
        };

    /// Makes an empty filter for `capacity` items, at least two buckets of them, as the options say.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key exists.
    fn cf_reserve_with(key @ CuckooFilter<Anything>, capacity: u64, options: CuckooReserveOptions) -> Status as ()
        = "CF.RESERVE" (&key, CuckooReserve(capacity, &options)) as CfReserveWith {
            since: module "bf" "1.0.0", arity: -3, access: ReadWrite, effect: Creates
        };

    /// Returns one part of the filter at `key`, and the iterator of the next: begin with 0, and end when 0 comes back. The filter must
    /// not change meanwhile. [`cf_loadchunk`](Self::cf_loadchunk) restores it.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist.
    fn cf_scandump(key @ CuckooFilter<Anything>, iterator: i64) -> Tuple<(Integer, Nullable<Bulk>)> as (i64, Option<Bytes>)
        = "CF.SCANDUMP" as CfScandump {
            since: module "bf" "1.0.0", arity: 3, access: ReadOnly, effect: Preserves
        };
}
