//! Commands on count-min sketches.

use super::{
    arguments::{Dimension, ErrorRate, Increment, Items, Weighted},
    info::CountMinSketchInfo,
};
use crate::{
    argument::{Arguments, Entries},
    command::encode::{FlatPairs, NumKeys},
    error::ServerError,
    key::{Anything, CountMinSketch, Counted, ElementsOf, KeyFor, Writes},
};

commands! {
    /// Commands on count-min sketches, of the module `bf`: counters of items, which may count too much and never too little.
    ///
    /// The sketch is made by [`cms_initbydim`](Self::cms_initbydim) or [`cms_initbyprob`](Self::cms_initbyprob): all other commands
    /// fail on a missing key. The server cannot COPY such a key.
    ///
    /// **A watch does not guard a sketch**: CMS.INCRBY of another client is no conflict, so a transaction that depends on a count
    /// commits all the same. Write a plain key beside the sketch and watch that one.
    pub trait CountMinSketchCommands in cmd;

    /// Adds to the counters of items, given as pairs of an item and a number, and returns the new counts in order. A counter holds up
    /// to 4294967295; beyond that it stays there, and the item's result is an error.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist.
    fn cms_incrby[P: Entries<Second: Increment>](key @ CountMinSketch<Counted<P>>, increments: P)
        -> Array<Fallible<Integer>> as Vec<Result<u64, ServerError>>
        = "CMS.INCRBY" (&key, Items(&FlatPairs(&increments))) as CmsIncrby {
            since: module "bf" "2.0.0", arity: -4, access: ReadWrite, effect: Creates
        };

    /// Returns the facts of the sketch at `key`.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist.
    fn cms_info(key @ CountMinSketch<Anything>) -> Map<Bulk, Any> as CountMinSketchInfo
        = "CMS.INFO" as CmsInfo {
            since: module "bf" "2.0.0", arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Makes a sketch of `depth` rows of `width` counters.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key exists.
    fn cms_initbydim(key @ CountMinSketch<Anything>, width: u32, depth: u32) -> Status as ()
        = "CMS.INITBYDIM" (&key, Dimension(width), Dimension(depth)) as CmsInitbydim {
            since: module "bf" "2.0.0", arity: 4, access: ReadWrite, effect: Creates
        };

    /// Makes a sketch whose counts are too high by more than `error`, as a part of all counts, with the probability `probability`.
    /// Both are above 0 and below 1.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key exists.
    fn cms_initbyprob(key @ CountMinSketch<Anything>, error: f64, probability: f64) -> Status as ()
        = "CMS.INITBYPROB" (&key, ErrorRate(error), ErrorRate(probability)) as CmsInitbyprob {
            since: module "bf" "2.0.0", arity: 4, access: ReadWrite, effect: Creates
        };

    /// Replaces the counts of the sketch at `destination` by the sums of those of `keys`. All have the same width and depth.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if one of the keys does not exist, `destination` included.
    fn cms_merge[D: KeyFor<CountMinSketch<Anything>>]
        (destination @= D of CountMinSketch, keys @@ CountMinSketch<ElementsOf<D::Kind>>) -> Status as ()
        = "CMS.MERGE" (&destination, NumKeys(&Items(&keys))) as CmsMerge {
            since: module "bf" "2.0.0", arity: -4, access: ReadWrite, effect: Preserves
        };

    /// Merges as [`cms_merge`](Self::cms_merge) does, with the counts of each key multiplied by its weight (WEIGHTS). A number of
    /// weights that differs from the number of keys is an [`Error::Argument`](crate::Error::Argument) before anything is sent.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if one of the keys does not exist, `destination` included, or if a count would be below 0.
    fn cms_merge_weights[D: KeyFor<CountMinSketch<Anything>>]
        (destination @= D of CountMinSketch, keys @@ CountMinSketch<ElementsOf<D::Kind>>, weights: impl AsRef<[i64]>)
        -> Status as ()
        = "CMS.MERGE" (&destination, Weighted(&keys, &weights)) as CmsMergeWeights {
            since: module "bf" "2.0.0", arity: -4, access: ReadWrite, effect: Preserves
        };

    /// Returns the counts of items in order: each at least as high as it is.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist.
    fn cms_query[V: Arguments](key @ CountMinSketch<Writes<V>>, items: V) -> Array<Integer> as Vec<u64>
        = "CMS.QUERY" (&key, Items(&items)) as CmsQuery {
            since: module "bf" "2.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };
}
