//! Commands on t-digests.

use super::{
    arguments::{Compression, Cuts, Items, MergeOptions, Numbers, quantiles, ranks, samples, values},
    info::TDigestInfo,
    replies::{Estimate, Rank},
};
use crate::{command::encode::NumKeys, key::TDigest};

commands! {
    /// Commands on t-digests, of the module `bf`: estimates of the distribution of many samples, such as the 99th percentile of
    /// latencies.
    ///
    /// The digest is made by [`tdigest_create`](Self::tdigest_create): all other commands but TDIGEST.MERGE fail on a missing key.
    /// The module returns NaN for a digest without samples, which is `None` here. The server cannot COPY such a key.
    ///
    /// A command that adds is a conflict for a transaction that [watches](crate::Pipeline::watch) the key, also where it fails or
    /// changes nothing.
    pub trait TDigestCommands in cmd;

    /// Adds samples to the digest at `key`: a finite `f64`, or an array, a slice or a `Vec` of them.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist.
    fn tdigest_add(key @ TDigest, values: impl Numbers<f64>) -> Status as ()
        = "TDIGEST.ADD" (&key, samples(&values)) as TdigestAdd {
            since: module "bf" "2.4.0", arity: -3, access: ReadWrite, effect: Creates
        };

    /// Returns estimates of the samples at ranks, which count from 0 at the lowest sample. A rank behind the last sample is
    /// `f64::INFINITY`.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist.
    fn tdigest_byrank(key @ TDigest, ascending_ranks: impl Numbers<u64>) -> Array<Estimate> as Vec<Option<f64>>
        = "TDIGEST.BYRANK" (&key, ranks(&ascending_ranks)) as TdigestByrank {
            since: module "bf" "2.4.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns estimates of the samples at ranks, which count from 0 at the highest sample. A rank behind the lowest sample is
    /// `f64::NEG_INFINITY`.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist.
    fn tdigest_byrevrank(key @ TDigest, descending_ranks: impl Numbers<u64>) -> Array<Estimate> as Vec<Option<f64>>
        = "TDIGEST.BYREVRANK" (&key, ranks(&descending_ranks)) as TdigestByrevrank {
            since: module "bf" "2.4.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns for each value the estimated part of the samples that are below it, half of those that are equal included.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist.
    fn tdigest_cdf(key @ TDigest, of: impl Numbers<f64>) -> Array<Estimate> as Vec<Option<f64>>
        = "TDIGEST.CDF" (&key, values(&of)) as TdigestCdf {
            since: module "bf" "2.4.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Makes a digest without samples, of the compression 100.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key exists.
    fn tdigest_create(key @ TDigest) -> Status as ()
        = "TDIGEST.CREATE" as TdigestCreate {
            since: module "bf" "2.4.0", arity: -2, access: ReadWrite, effect: Creates
        };

    /// Makes a digest without samples. The higher the compression, the more exact and the larger it is.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key exists.
    fn tdigest_create_compression(key @ TDigest, compression: u32) -> Status as ()
        = "TDIGEST.CREATE" (&key, "COMPRESSION", Compression(compression)) as TdigestCreateCompression {
            since: module "bf" "2.4.0", arity: -2, access: ReadWrite, effect: Creates
        };

    /// Returns the facts of the digest at `key`.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist.
    fn tdigest_info(key @ TDigest) -> Map<Bulk, Any> as TDigestInfo
        = "TDIGEST.INFO" as TdigestInfo {
            since: module "bf" "2.4.0", arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Returns the highest sample.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist.
    fn tdigest_max(key @ TDigest) -> Estimate as Option<f64>
        = "TDIGEST.MAX" as TdigestMax {
            since: module "bf" "2.4.0", arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Merges the digests at `keys` into the one at `destination`, which is made if it does not exist.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if one of `keys` does not exist.
    fn tdigest_merge(destination @ TDigest, keys @@ TDigest) -> Status as ()
        = "TDIGEST.MERGE" (&destination, NumKeys(&Items(&keys))) as TdigestMerge {
            since: module "bf" "2.4.0", arity: -4, access: ReadWrite, effect: Preserves
        };

    /// Merges digests as [`tdigest_merge`](Self::tdigest_merge) does, in the way that the options say.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if one of `keys` does not exist.
    fn tdigest_merge_with(destination @ TDigest, keys @@ TDigest, options: MergeOptions) -> Status as ()
        = "TDIGEST.MERGE" (&destination, NumKeys(&Items(&keys)), &options) as TdigestMergeWith {
            since: module "bf" "2.4.0", arity: -4, access: ReadWrite, effect: Preserves
        };

    /// Returns the lowest sample.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist.
    fn tdigest_min(key @ TDigest) -> Estimate as Option<f64>
        = "TDIGEST.MIN" as TdigestMin {
            since: module "bf" "2.4.0", arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Returns for each quantile, from 0 to 1, an estimate of the sample below which that part of the samples is.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist.
    fn tdigest_quantile(key @ TDigest, of: impl Numbers<f64>) -> Array<Estimate> as Vec<Option<f64>>
        = "TDIGEST.QUANTILE" (&key, quantiles(&of)) as TdigestQuantile {
            since: module "bf" "2.4.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns for each value how many samples are below it.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist.
    fn tdigest_rank(key @ TDigest, of: impl Numbers<f64>) -> Array<Integer> as Vec<Rank>
        = "TDIGEST.RANK" (&key, values(&of)) as TdigestRank {
            since: module "bf" "2.4.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Removes all samples from the digest at `key`.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist.
    fn tdigest_reset(key @ TDigest) -> Status as ()
        = "TDIGEST.RESET" as TdigestReset {
            since: module "bf" "2.4.0", arity: 2, access: ReadWrite, effect: Creates
        };

    /// Returns for each value how many samples are above it.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist.
    fn tdigest_revrank(key @ TDigest, of: impl Numbers<f64>) -> Array<Integer> as Vec<Rank>
        = "TDIGEST.REVRANK" (&key, values(&of)) as TdigestRevrank {
            since: module "bf" "2.4.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns the mean of the samples between the quantiles `low` and `high`, from 0 to 1.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist.
    fn tdigest_trimmed_mean(key @ TDigest, low: f64, high: f64) -> Estimate as Option<f64>
        = "TDIGEST.TRIMMED_MEAN" (&key, Cuts(low, high)) as TdigestTrimmedMean {
            since: module "bf" "2.4.0", arity: 4, access: ReadOnly, effect: Preserves
        };
}
