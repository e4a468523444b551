//! Commands of the module `bf` on probabilistic structures: Bloom and Cuckoo filters, count-min sketches, top-k lists and
//! t-digests, a trait for each. The feature `bloom` adds them.
//!
//! A server of either vendor and of any version has them if the module is loaded; without the module a command fails as an
//! unknown one, and with it the whole transaction. The module gives its replies as booleans in RESP3 and as 1 and 0 in RESP2,
//! which are a `bool` here.
//!
//! A reply with a result for each item is a `Vec<Result<..>>` where the module puts errors between them: these fail neither the
//! command nor the transaction, and after an error the module may leave the rest of the items out.
//!
//! ```
//! use typedis::{Client, Key, key::BloomFilter, prelude::*};
//!
//! # async fn example(client: &Client) -> typedis::Result<()> {
//! const SEEN: Key<BloomFilter<String>> = Key::new("seen");
//!
//! client.bf_reserve(SEEN, 0.001, 10_000).await?;
//! let (added, again, seen) = typedis::pipeline! { client =>
//!     bf_add(SEEN, "ada@example.org");
//!     bf_add(SEEN, "ada@example.org");
//!     bf_exists(SEEN, "ben@example.org");
//! }?;
//! assert_eq!((added, again, seen), (true, false, false));
//! # Ok(()) }
//! # typedis_testing::doctest_with(typedis_testing::Module::Bloom, async |url| example(&Client::connect(&url).await?).await);
//! ```

pub(crate) mod arguments;
pub(crate) mod bloom_filter;
pub(crate) mod count_min_sketch;
pub(crate) mod cuckoo_filter;
pub(crate) mod info;
pub(crate) mod replies;
pub(crate) mod t_digest;
pub(crate) mod top_k;

pub use arguments::{
    BloomInsertOptions, CuckooReserveOptions, Growth, Increment, ItemIncrements, MergeOptions, Numbers,
};
pub use bloom_filter::BloomFilterCommands;
pub use count_min_sketch::CountMinSketchCommands;
pub use cuckoo_filter::CuckooFilterCommands;
pub use info::{BloomFilterInfo, BloomInfoField, CountMinSketchInfo, CuckooFilterInfo, TDigestInfo, TopKInfo};
pub use replies::{CuckooInserted, CuckooInsertedNx, Rank};
pub use t_digest::TDigestCommands;
pub use top_k::TopKCommands;
