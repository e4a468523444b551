//! Commands on vector sets: elements with vectors, searched by similarity.
//!
//! ```
//! use typedis::{Client, Key, commands::vector_set::{Element, VaddOptions, VsimOptions}, key::VectorSet, prelude::*};
//!
//! const FRUITS: Key<VectorSet<String>> = Key::new("fruits");
//!
//! # async fn example(client: &Client) -> typedis::Result<()> {
//! let [sweet, sour] = [r#"{"taste":"sweet"}"#, r#"{"taste":"sour"}"#].map(|json| VaddOptions::new().setattr(json));
//! client.vadd_with(FRUITS, [0.9_f32, 0.2, 0.1], "apple", sweet.clone()).await?;
//! client.vadd_with(FRUITS, [0.8_f32, 0.3, 0.1], "pear", sweet).await?;
//! client.vadd_with(FRUITS, [0.1_f32, 0.9, 0.7], "lemon", sour).await?;
//!
//! assert_eq!(client.vsim(FRUITS, Element("apple")).await?, ["apple", "pear", "lemon"]);
//! let sour = VsimOptions::new().filter(".taste == 'sour'").withscores();
//! let found = client.vsim_with(FRUITS, [0.9_f32, 0.2, 0.1], sour).await?;
//! assert!(found[0].0 == "lemon" && found[0].1 < 0.9);
//! # Ok(()) }
//! # typedis_testing::doctest(async |url| {
//! #     let client = Client::connect(&url).await?;
//! #     match client.vcard(FRUITS).await {
//! #         Ok(_) => example(&client).await,
//! #         Err(_) => Ok(()), // the server is older than Redis 8.0
//! #     }
//! # });
//! ```

pub(crate) mod options;
mod replies;
mod vector;

pub use options::{Attributes, Beside, Bin, Noquant, Q8, VaddOptions, VsimOptions, VsimReply};
pub use replies::{Quantization, RawVector, VectorSetInfo};
#[doc(hidden)]
pub use vector::Numbers;
pub use vector::{Element, Query, Vector};

use crate::{
    argument::Argument,
    command::flag::AvailableSince,
    commands::sorted_set::range::{Ends, LexRange},
    key::{Anything, Reads, VectorSet, Writes},
    reply::{Bulk, FromReply},
};
use options::Reduction;
use vector::{QueryWords, VectorWords};

commands! {
    /// Commands on vector sets: elements with vectors, searched by similarity. Redis has them since 8.0, Valkey not.
    ///
    /// They fail with WRONGTYPE if a key holds another type. A missing key counts as an empty vector set, and a vector set
    /// is removed with its last element. The first vector decides the number of dimensions; the server refuses others.
    ///
    /// Each command that writes is a conflict for a transaction that [watches](crate::Pipeline::watch) the key, even where
    /// it changes nothing: VREM of an element that is not there, or a VADD that fails.
    pub trait VectorSetCommands in cmd;

    /// Adds `element` with its vector to the vector set at `key`, or replaces its vector, and returns whether it is new.
    ///
    /// # Errors
    ///
    /// [`Argument`](crate::Error::Argument) if the vector has no number, or NaN; [`Server`](crate::Error::Server) if it
    /// has another number of dimensions than the others.
    fn vadd[V: Vector, M: Argument](key @ VectorSet<Writes<M>>, vector: V, element: M) -> Flag as bool
        = "VADD" (&key, VectorWords(&vector), &element) as Vadd {
            since: redis "8.0.0", valkey never, arity: -5, access: ReadWrite, effect: Creates
        };

    /// Adds `element` with its vector to the vector set at `key` as the options say, and returns whether it is new.
    ///
    /// # Errors
    ///
    /// Those of [`vadd`](Self::vadd), and [`Server`](crate::Error::Server) if the options are not those of the vector set.
    fn vadd_with[V: Vector, M: Argument, Q: Sized]
        (key @ VectorSet<Writes<M>>, vector: V, element: M, options: VaddOptions<Q>) -> Flag as bool
        = "VADD" (&key, Reduction(&options), VectorWords(&vector), &element, &options) as VaddWith {
            since: redis "8.0.0", valkey never, arity: -5, access: ReadWrite, effect: Creates
        };

    /// Returns the number of elements in the vector set at `key`, or 0 if the key does not exist.
    fn vcard(key @ VectorSet<Anything>) -> Integer as u64
        = "VCARD" as Vcard {
            since: redis "8.0.0", valkey never, arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Returns the number of dimensions of the vectors in the vector set at `key`, behind their reduction.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist.
    fn vdim(key @ VectorSet<Anything>) -> Integer as u64
        = "VDIM" as Vdim {
            since: redis "8.0.0", valkey never, arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Returns the vector of an element, about as it was added, or `None` if the element is not there.
    fn vemb[M: Argument](key @ VectorSet<Writes<M>>, element: M) -> Nullable<Array<Double>> as Option<Vec<f32>>
        = "VEMB" as Vemb {
            since: redis "8.0.0", valkey never, arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns the vector of an element as the server keeps it, or `None` if the element is not there.
    fn vemb_raw[M: Argument](key @ VectorSet<Writes<M>>, element: M) -> Nullable<Any> as Option<RawVector>
        = "VEMB" (&key, &element, "RAW") as VembRaw {
            since: redis "8.0.0", valkey never, arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns the attributes of an element, or `None` if it has none or is not there.
    fn vgetattr<T: FromReply<Bulk>>(key @ VectorSet<Anything>, element: impl Argument) -> Nullable<Bulk> as Option<T>
        = "VGETATTR" as Vgetattr {
            since: redis "8.0.0", valkey never, arity: 3, access: ReadOnly, effect: Preserves
        };

    /// Returns the facts of the vector set at `key`, or `None` if the key does not exist.
    fn vinfo(key @ VectorSet<Anything>) -> Nullable<Any> as Option<VectorSetInfo>
        = "VINFO" as Vinfo {
            since: redis "8.0.0", valkey never, arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Returns whether `element` is in the vector set at `key`.
    fn vismember[M: Argument](key @ VectorSet<Writes<M>>, element: M) -> Flag as bool
        = "VISMEMBER" as Vismember {
            since: redis "8.0.0", valkey never, arity: 3, access: ReadOnly, effect: Preserves
        };

    /// Returns the neighbours that an element is linked with, level by level, the lowest one last, or `None` if the
    /// element is not there.
    fn vlinks<T: FromReply<Bulk>>(key @ VectorSet<Reads<T>>, element: impl Argument)
        -> Nullable<Array<Array<Bulk>>> as Option<Vec<Vec<T>>>
        = "VLINKS" as Vlinks {
            since: redis "8.0.0", valkey never, arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns the neighbours that an element is linked with, each with its score. See [`vlinks`](Self::vlinks).
    fn vlinks_withscores<T: FromReply<Bulk>>(key @ VectorSet<Reads<T>>, element: impl Argument)
        -> Nullable<Array<Map<Bulk, Double>>> as Option<Vec<Vec<(T, f64)>>>
        = "VLINKS" (&key, &element, "WITHSCORES") as VlinksWithscores {
            since: redis "8.0.0", valkey never, arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns a random element of the vector set at `key`, or `None` if the key does not exist.
    fn vrandmember<T: FromReply<Bulk>>(key @ VectorSet<Reads<T>>) -> Nullable<Bulk> as Option<T>
        = "VRANDMEMBER" as Vrandmember {
            since: redis "8.0.0", valkey never, arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Returns up to `count` different random elements of the vector set at `key`, or for a negative `count` exactly so
    /// many, of which some may be the same. For a `count` of 0 the server does not look at the key.
    fn vrandmember_count<T: FromReply<Bulk>>(key @ VectorSet<Reads<T>>, count: i64) -> Array<Bulk> as Vec<T>
        = "VRANDMEMBER" as VrandmemberCount {
            since: redis "8.0.0", valkey never, arity: -2, access: ReadOnly, effect: Preserves,
            on_wrong_type: Ignores
        };

    /// Returns the elements of the vector set at `key` in `range`, such as `"a".."c"`, in the order of their bytes.
    fn vrange<T: FromReply<Bulk>>(key @ VectorSet<Reads<T>>, range: impl LexRange) -> Array<Bulk> as Vec<T>
        = "VRANGE" (&key, Ends::of_members(&range)) as Vrange {
            since: redis "8.4.0", valkey never, arity: -4, access: ReadOnly, effect: Preserves
        };

    /// Returns the first `count` elements of the vector set at `key` in `range`, in the order of their bytes. To go on,
    /// let the next range begin behind the last one.
    fn vrange_count<T: FromReply<Bulk>>(key @ VectorSet<Reads<T>>, range: impl LexRange, count: u64)
        -> Array<Bulk> as Vec<T>
        = "VRANGE" (&key, Ends::of_members(&range), &count) as VrangeCount {
            since: redis "8.4.0", valkey never, arity: -4, access: ReadOnly, effect: Preserves
        };

    /// Removes `element` from the vector set at `key` and returns whether it was there.
    fn vrem[M: Argument](key @ VectorSet<Writes<M>>, element: M) -> Flag as bool
        = "VREM" as Vrem {
            since: redis "8.0.0", valkey never, arity: 3, access: ReadWrite, effect: MayRemove
        };

    /// Sets the attributes of an element, which are JSON, and returns whether the element is there. Empty ones remove them.
    /// What is no JSON is stored, too, and no filter finds it.
    fn vsetattr[M: Argument](key @ VectorSet<Writes<M>>, element: M, attributes: impl Argument) -> Flag as bool
        = "VSETATTR" as Vsetattr {
            since: redis "8.0.0", valkey never, arity: 4, access: ReadWrite, effect: Preserves
        };

    /// Returns the elements of the vector set at `key` that are most similar to a vector, or to an [`Element`], at most 10,
    /// the most similar first.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the element is not there, or if the vector has another number of dimensions,
    /// unless the key does not exist.
    fn vsim<T: FromReply<Bulk>>(key @ VectorSet<Reads<T>>, query: impl Query) -> Array<Bulk> as Vec<T>
        = "VSIM" (&key, QueryWords(&query)) as Vsim {
            since: redis "8.0.0", valkey never, arity: -4, access: ReadOnly, effect: Preserves
        };

    /// Returns the elements of the vector set at `key` that are most similar to a vector, or to an [`Element`], as the
    /// options say: a `Vec<T>`, or a `Vec` of tuples of the element, its score and its attributes, in this order, as far as
    /// the options ask for them.
    ///
    /// # Errors
    ///
    /// Those of [`vsim`](Self::vsim).
    fn vsim_with<T: FromReply<Bulk>, W: VsimReply<T>>
        (key @ VectorSet<Reads<T>>, query: impl Query, options: VsimOptions<W>) -> W::Shape as W::Reply
        where W::Newest: AvailableSince<Self::Server>
        = "VSIM" (&key, QueryWords(&query), &options) as VsimWith {
            since: redis "8.0.0", valkey never, arity: -4, access: ReadOnly, effect: Preserves
        };
}
