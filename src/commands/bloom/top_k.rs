//! Commands on lists of the most frequent items.

use super::{
    arguments::{Decay, Dimension, Increments, ItemIncrements, Items},
    info::TopKInfo,
};
use crate::{
    argument::{Arguments, StoredAs},
    key::{Anything, Reads, TopK, Writes},
    reply::{Bulk, FromReply},
};

commands! {
    /// Commands on lists of the `k` most frequent items, of the module `bf`.
    ///
    /// The list is made by [`topk_reserve`](Self::topk_reserve): all other commands fail on a missing key. The server cannot COPY such
    /// a key.
    ///
    /// A command that adds is a conflict for a transaction that [watches](crate::Pipeline::watch) the key, also where it fails or
    /// changes nothing.
    pub trait TopKCommands in cmd;

    /// Counts items once and returns for each the item that it drove out of the list at `key`, if it did.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist.
    fn topk_add<T: FromReply<Bulk>>(key @ TopK<Reads<T>>, items: impl Arguments<Item: StoredAs<T>>)
        -> Array<Nullable<Bulk>> as Vec<Option<T>>
        = "TOPK.ADD" (&key, Items(&items)) as TopkAdd {
            since: module "bf" "2.0.0", arity: -3, access: ReadWrite, effect: Creates
        };

    /// Returns the counts of items. They are estimates, which the module advises against since 2.4: use
    /// [`topk_list_withcount`](Self::topk_list_withcount). To a server it is a command that writes, which no replica runs.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist.
    fn topk_count[V: Arguments](key @ TopK<Writes<V>>, items: V) -> Array<Integer> as Vec<u64>
        = "TOPK.COUNT" (&key, Items(&items)) as TopkCount {
            since: module "bf" "2.0.0", arity: -3, access: ReadWrite, effect: Creates
        };

    /// Counts items, given as pairs of an item and a number from 1 to 100000, and returns for each the item that it drove out of the
    /// list at `key`, if it did.
    ///
    /// # Errors
    ///
    /// [`Argument`](crate::Error::Argument) if a number is out of range: the module would send fewer replies than it announces.
    /// [`Server`](crate::Error::Server) if the key does not exist.
    fn topk_incrby<T: FromReply<Bulk>>(key @ TopK<Reads<T>>, increments: impl ItemIncrements<Item: StoredAs<T>>)
        -> Array<Nullable<Bulk>> as Vec<Option<T>>
        = "TOPK.INCRBY" (&key, Increments(&increments)) as TopkIncrby {
            since: module "bf" "2.0.0", arity: -4, access: ReadWrite, effect: Creates
        };

    /// Returns the facts of the list at `key`.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist.
    fn topk_info(key @ TopK<Anything>) -> Map<Bulk, Any> as TopKInfo
        = "TOPK.INFO" as TopkInfo {
            since: module "bf" "2.0.0", arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Returns the items of the list at `key`, the most frequent first.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist.
    fn topk_list<T: FromReply<Bulk>>(key @ TopK<Reads<T>>) -> Array<Bulk> as Vec<T>
        = "TOPK.LIST" as TopkList {
            since: module "bf" "2.0.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Returns the items of the list at `key` with their counts, the most frequent first.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist.
    fn topk_list_withcount<T: FromReply<Bulk>>(key @ TopK<Reads<T>>) -> Pairs<Bulk, Integer> as Vec<(T, u64)>
        = "TOPK.LIST" (&key, "WITHCOUNT") as TopkListWithcount {
            since: module "bf" "2.0.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Returns for each item whether it is in the list at `key`.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist.
    fn topk_query[V: Arguments](key @ TopK<Writes<V>>, items: V) -> Array<Flag> as Vec<bool>
        = "TOPK.QUERY" (&key, Items(&items)) as TopkQuery {
            since: module "bf" "2.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Makes a list of the `k` most frequent items, with the server's defaults.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key exists.
    fn topk_reserve(key @ TopK<Anything>, k: u32) -> Status as ()
        = "TOPK.RESERVE" (&key, Dimension(k)) as TopkReserve {
            since: module "bf" "2.0.0", arity: -3, access: ReadWrite, effect: Creates
        };

    /// Makes a list of the `k` most frequent items, with `depth` rows of `width` counters, of which that of a colliding item is reduced
    /// with the probability `decay`, above 0 and up to 1.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key exists.
    fn topk_reserve_with(key @ TopK<Anything>, k: u32, width: u32, depth: u32, decay: f64) -> Status as ()
        = "TOPK.RESERVE" (&key, Dimension(k), Dimension(width), Dimension(depth), Decay(decay)) as TopkReserveWith {
            since: module "bf" "2.0.0", arity: -3, access: ReadWrite, effect: Creates
        };
}
