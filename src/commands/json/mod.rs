//! Commands of the module `ReJSON` on JSON documents. The feature `json` adds them; with the feature `serde` values are written and
//! read by serde, without it they are [`RawJson`].
//!
//! A server of either vendor and of any version has them if the module is loaded; without the module a command fails as an
//! unknown one, and with it the whole transaction.
//!
//! Paths begin with `$` and may match several values, so that a reply is a `Vec` with an element for each match, in the order of the
//! document: an empty one where nothing matches. The module's older paths, without `$`, have other replies, and are refused before
//! anything is sent.
//!
//! ```
//! # #[cfg(feature = "serde")] mod example {
//! use typedis::{Client, Key, key::Json, prelude::*};
//!
//! #[derive(serde::Serialize, serde::Deserialize, Debug, PartialEq)]
//! struct Cart {
//!     items: Vec<String>,
//!     total: f64,
//! }
//!
//! # pub async fn run(client: &Client) -> typedis::Result<()> {
//! const CART: Key<Json<Cart>> = Key::new("cart");
//!
//! client.json_set(CART, Cart { items: vec!["pear".into()], total: 1.5 }).await?;
//! client.json_arrappend(CART, "$.items", ["apple"]).await?;
//! client.json_numincrby(CART, "$.total", 0.25).await?;
//! assert_eq!(client.json_get(CART).await?, Some(Cart { items: vec!["pear".into(), "apple".into()], total: 1.75 }));
//! assert_eq!(client.json_get_path::<String>(CART, "$.items[0]").await?, Some(vec!["pear".to_owned()]));
//! # Ok(()) } }
//! # #[cfg(feature = "serde")]
//! # typedis_testing::doctest_with(typedis_testing::Module::Json, async |url| example::run(&typedis::Client::connect(&url).await?).await);
//! ```

mod documents;
mod format;
mod path;
mod replies;
mod text;
mod value;

pub use documents::KeyDocuments;
pub use format::JsonFormat;
pub use path::{JsonPath, JsonPaths, Path};
pub use replies::{ArrayIndex, JsonNumber, JsonType};
pub use value::{FromJson, JsonByPath, JsonMatches, JsonText, RawJson, ToJson};

use crate::{
    Value,
    command::option::words,
    key::{Anything, Json, Reads, Writes},
};
use path::{Paths, at};
use replies::{Numbers, Position, Types};
use std::collections::BTreeMap;
use value::{AsJson, EachAsJson, Quoted};

words! {
    /// The condition of JSON.SET, for [`json_set_with`](JsonCommands::json_set_with).
    pub enum SetIf {
        /// Sets only what does not exist (NX).
        Missing = "NX",
        /// Sets only what exists (XX).
        Exists = "XX",
    }
}

commands! {
    /// Commands on JSON documents, of the module `ReJSON`.
    ///
    /// They fail if a key holds another type. Commands that change a part of a document fail if the key does not exist.
    ///
    /// Each command that writes is a conflict for a transaction that [watches](crate::Pipeline::watch) the key, also where it fails or
    /// changes nothing.
    pub trait JsonCommands in cmd;

    /// Appends values to the arrays at `path` and returns their new lengths; `None` for a match that is no array.
    fn json_arrappend[V: ToJson](key @ Json<Anything>, path: impl JsonPath, values: impl AsRef<[V]>)
        -> Array<Nullable<Integer>> as Vec<Option<u64>>
        = "JSON.ARRAPPEND" (&key, at(&path), EachAsJson(values.as_ref())) as JsonArrappend {
            since: module "ReJSON" "1.0.0", arity: -4, access: ReadWrite, effect: Creates
        };

    /// Returns the first index of a value in the arrays at `path`.
    fn json_arrindex(key @ Json<Anything>, path: impl JsonPath, value: impl ToJson) -> Array<Position> as Vec<ArrayIndex>
        = "JSON.ARRINDEX" (&key, at(&path), AsJson(&value)) as JsonArrindex {
            since: module "ReJSON" "1.0.0", arity: -4, access: ReadOnly, effect: Preserves
        };

    /// Returns the first index of a value in the arrays at `path`, from `start` up to and without `stop`; 0 is the end, and negative
    /// indexes count from there.
    fn json_arrindex_range(key @ Json<Anything>, path: impl JsonPath, value: impl ToJson, start: i64, stop: i64)
        -> Array<Position> as Vec<ArrayIndex>
        = "JSON.ARRINDEX" (&key, at(&path), AsJson(&value), &start, &stop) as JsonArrindexRange {
            since: module "ReJSON" "1.0.0", arity: -4, access: ReadOnly, effect: Preserves
        };

    /// Inserts values before `index` of the arrays at `path` and returns their new lengths; `None` for a match that is no array.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if an array has no such index.
    fn json_arrinsert[V: ToJson](key @ Json<Anything>, path: impl JsonPath, index: i64, values: impl AsRef<[V]>)
        -> Array<Nullable<Integer>> as Vec<Option<u64>>
        = "JSON.ARRINSERT" (&key, at(&path), &index, EachAsJson(values.as_ref())) as JsonArrinsert {
            since: module "ReJSON" "1.0.0", arity: -5, access: ReadWrite, effect: Creates
        };

    /// Returns the lengths of the arrays at `path`; `None` for a match that is no array.
    fn json_arrlen(key @ Json<Anything>, path: impl JsonPath) -> Array<Nullable<Integer>> as Vec<Option<u64>>
        = "JSON.ARRLEN" (&key, at(&path)) as JsonArrlen {
            since: module "ReJSON" "1.0.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Removes the last element of the arrays at `path` and returns it; `None` for an empty array and a match that is none.
    fn json_arrpop<T: FromJson>(key @ Json<Anything>, path: impl JsonPath)
        -> Array<Nullable<JsonText>> as Vec<Option<T>>
        = "JSON.ARRPOP" (&key, at(&path)) as JsonArrpop {
            since: module "ReJSON" "1.0.0", arity: -2, access: ReadWrite, effect: Creates
        };

    /// Removes the element at `index` of the arrays at `path` and returns it; `None` for an empty array and a match that is none. An
    /// index outside of an array is its first or last element.
    fn json_arrpop_index<T: FromJson>(key @ Json<Anything>, path: impl JsonPath, index: i64)
        -> Array<Nullable<JsonText>> as Vec<Option<T>>
        = "JSON.ARRPOP" (&key, at(&path), &index) as JsonArrpopIndex {
            since: module "ReJSON" "1.0.0", arity: -2, access: ReadWrite, effect: Creates
        };

    /// Keeps of the arrays at `path` the elements from `start` to `stop`, both included, and returns the new lengths; `None` for a match
    /// that is no array.
    fn json_arrtrim(key @ Json<Anything>, path: impl JsonPath, start: i64, stop: i64)
        -> Array<Nullable<Integer>> as Vec<Option<u64>>
        = "JSON.ARRTRIM" (&key, at(&path), &start, &stop) as JsonArrtrim {
            since: module "ReJSON" "1.0.0", arity: 5, access: ReadWrite, effect: Creates
        };

    /// Empties the arrays and objects at `path`, sets numbers to 0, and returns how many values changed.
    fn json_clear(key @ Json<Anything>, path: impl JsonPath) -> Integer as u64
        = "JSON.CLEAR" (&key, at(&path)) as JsonClear {
            since: module "ReJSON" "2.0.0", arity: -2, access: ReadWrite, effect: Creates
        };

    /// Returns the bytes that the values at `path` take in memory.
    fn json_debug_memory(key @ Json<Anything>, path: impl JsonPath) -> Array<Integer> as Vec<u64>
        = "JSON.DEBUG MEMORY" (&key, at(&path)) as JsonDebugMemory {
            since: module "ReJSON" "1.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Removes the document at `key` and returns how many there were: 1 or 0.
    fn json_del(key @ Json<Anything>) -> Integer as u64
        = "JSON.DEL" as JsonDel {
            since: module "ReJSON" "1.0.0", arity: -2, access: ReadWrite, effect: MayRemove
        };

    /// Removes the values at `path` and returns how many there were. The path `$` removes the key.
    fn json_del_path(key @ Json<Anything>, path: impl JsonPath) -> Integer as u64
        = "JSON.DEL" (&key, at(&path)) as JsonDelPath {
            since: module "ReJSON" "1.0.0", arity: -2, access: ReadWrite, effect: MayRemove
        };

    /// Returns the document at `key`, or `None` if the key does not exist.
    fn json_get<T: FromJson>(key @ Json<Reads<T>>) -> Nullable<JsonText> as Option<T>
        = "JSON.GET" as JsonGet {
            since: module "ReJSON" "1.0.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Returns the values at `path`, or `None` if the key does not exist.
    fn json_get_path<T: FromJson>(key @ Json<Anything>, path: impl JsonPath) -> Nullable<JsonMatches> as Option<Vec<T>>
        = "JSON.GET" (&key, at(&path)) as JsonGetPath {
            since: module "ReJSON" "1.0.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Returns the values at `path` as the text of a JSON array in the layout that `format` says, or `None` if the key does not exist.
    fn json_get_path_with(key @ Json<Anything>, path: impl JsonPath, format: JsonFormat<'_>)
        -> Nullable<Bulk> as Option<String>
        = "JSON.GET" (&key, &format, at(&path)) as JsonGetPathWith {
            since: module "ReJSON" "1.0.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Returns the values at each of several paths, by the path as it was given, or `None` if the key does not exist.
    ///
    /// The module leaves out a path that it cannot read, which alone is an error.
    fn json_get_paths<T: FromJson>(key @ Json<Anything>, paths: impl JsonPaths)
        -> Nullable<JsonByPath> as Option<BTreeMap<String, Vec<T>>>
        = "JSON.GET" (&key, Paths(&paths)) as JsonGetPaths {
            since: module "ReJSON" "1.0.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Returns the document at `key` as text in the layout that `format` says, or `None` if the key does not exist.
    fn json_get_with(key @ Json<Anything>, format: JsonFormat<'_>) -> Nullable<Bulk> as Option<String>
        = "JSON.GET" (&key, &format) as JsonGetWith {
            since: module "ReJSON" "1.0.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Merges `patch` into the document at `key` (JSON Merge Patch, RFC 7396): a member that is null in the patch is removed. A missing
    /// document becomes the patch.
    fn json_merge(key @ Json<Anything>, patch: impl ToJson) -> Status as ()
        = "JSON.MERGE" (&key, "$", AsJson(&patch)) as JsonMerge {
            since: module "ReJSON" "2.6.0", arity: 4, access: ReadWrite, effect: Replaces, on_wrong_type: Fails
        };

    /// Merges `patch` into the values at `path` as [`json_merge`](Self::json_merge) does. Returns `false`, and changes nothing, if the
    /// parent of the path does not exist.
    fn json_merge_path(key @ Json<Anything>, path: impl JsonPath, patch: impl ToJson) -> Nullable<Status> as bool
        = "JSON.MERGE" (&key, at(&path), AsJson(&patch)) as JsonMergePath {
            since: module "ReJSON" "2.6.0", arity: 4, access: ReadWrite, effect: Unknown, on_wrong_type: Fails
        };

    /// Returns for each of `keys` the values at `path`; `None` for a key that does not exist or holds another type.
    ///
    /// All keys must be of one slot in a cluster. The module answers for keys of other slots as if they did not exist, so keys of
    /// several slots are refused before anything is sent.
    fn json_mget<T: FromJson>(keys @@ Json<Anything>, path: impl JsonPath)
        -> Array<Nullable<JsonMatches>> as Vec<Option<Vec<T>>>
        = "JSON.MGET" (&keys, at(&path)) as JsonMget {
            since: module "ReJSON" "1.0.0", arity: -3, access: ReadOnly, effect: Preserves, on_wrong_type: Ignores
        };

    /// Sets the values at several keys and paths, all or none of them: `json_mset([("a", "$", 1), ("b", "$.x", 2)])`. **A path whose
    /// parent does not exist is left out without an error**, which [`json_set_path`](Self::json_set_path) tells.
    ///
    /// All keys must be of one slot in a cluster.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if one of the keys holds another type, or does not exist and its path is not `$`.
    fn json_mset(documents @: impl KeyDocuments of Json<Anything> by 3) -> Status as ()
        = "JSON.MSET" as JsonMset {
            since: module "ReJSON" "2.6.0", arity: -4, access: ReadWrite, effect: Replaces, on_wrong_type: Fails
        };

    /// Adds `by` to the numbers at `path` and returns the new ones; `None` for a match that is no number. Read as `i64`, a result with a
    /// fraction is an error, though it is stored.
    ///
    /// **A whole number wraps around** past 64 bits, without an error: 9223372036854775807 plus 1 is -9223372036854775808.
    fn json_numincrby<T: JsonNumber>(key @ Json<Anything>, path: impl JsonPath, by: T) -> Numbers as Vec<Option<T>>
        = "JSON.NUMINCRBY" (&key, at(&path), &by) as JsonNumincrby {
            since: module "ReJSON" "1.0.0", arity: 4, access: ReadWrite, effect: Creates
        };

    /// Multiplies the numbers at `path` by `by`, in the way of [`json_numincrby`](Self::json_numincrby).
    fn json_nummultby<T: JsonNumber>(key @ Json<Anything>, path: impl JsonPath, by: T) -> Numbers as Vec<Option<T>>
        = "JSON.NUMMULTBY" (&key, at(&path), &by) as JsonNummultby {
            since: module "ReJSON" "1.0.0", arity: 4, access: ReadWrite, effect: Creates
        };

    /// Returns the names of the members of the objects at `path`; `None` for a match that is no object.
    fn json_objkeys(key @ Json<Anything>, path: impl JsonPath) -> Array<Nullable<Array<Bulk>>> as Vec<Option<Vec<String>>>
        = "JSON.OBJKEYS" (&key, at(&path)) as JsonObjkeys {
            since: module "ReJSON" "1.0.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Returns the numbers of members of the objects at `path`; `None` for a match that is no object.
    fn json_objlen(key @ Json<Anything>, path: impl JsonPath) -> Array<Nullable<Integer>> as Vec<Option<u64>>
        = "JSON.OBJLEN" (&key, at(&path)) as JsonObjlen {
            since: module "ReJSON" "1.0.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Returns the values at `path` in the form of RESP: an object is an array that begins with `{`, and an array one that begins with
    /// `[`. `None` if the key does not exist. The module deprecates it in favour of JSON.GET.
    fn json_resp(key @ Json<Anything>, path: impl JsonPath) -> Nullable<Array<Any>> as Option<Vec<Value>>
        = "JSON.RESP" (&key, at(&path)) as JsonResp {
            since: module "ReJSON" "1.0.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Stores a document at `key` and keeps the key's time to live, which SET drops.
    fn json_set[V: ToJson](key @ Json<Writes<V>>, value: V) -> Status as ()
        = "JSON.SET" (&key, "$", AsJson(&value)) as JsonSet {
            since: module "ReJSON" "1.0.0", arity: -4, access: ReadWrite, effect: Replaces, on_wrong_type: Fails
        };

    /// Stores a document at `key` if there is none, or one, as the condition says, and returns whether it was stored.
    fn json_set_with[V: ToJson](key @ Json<Writes<V>>, value: V, condition: SetIf) -> Nullable<Status> as bool
        = "JSON.SET" (&key, "$", AsJson(&value), &condition) as JsonSetWith {
            since: module "ReJSON" "1.0.0", arity: -4, access: ReadWrite, effect: Unknown
        };

    /// Sets the values at `path`, or adds a member to an object. Returns `false`, and changes nothing, if the parent of the path does
    /// not exist.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist, unless the path is `$`.
    fn json_set_path(key @ Json<Anything>, path: impl JsonPath, value: impl ToJson) -> Nullable<Status> as bool
        = "JSON.SET" (&key, at(&path), AsJson(&value)) as JsonSetPath {
            since: module "ReJSON" "1.0.0", arity: -4, access: ReadWrite, effect: Unknown, on_wrong_type: Fails
        };

    /// Sets the values at `path` if they do not exist, or if they do, as the condition says, and returns whether they were set.
    fn json_set_path_with(key @ Json<Anything>, path: impl JsonPath, value: impl ToJson, condition: SetIf)
        -> Nullable<Status> as bool
        = "JSON.SET" (&key, at(&path), AsJson(&value), &condition) as JsonSetPathWith {
            since: module "ReJSON" "1.0.0", arity: -4, access: ReadWrite, effect: Unknown
        };

    /// Appends text to the strings at `path` and returns their new lengths in bytes; `None` for a match that is no string.
    fn json_strappend(key @ Json<Anything>, path: impl JsonPath, text: impl AsRef<str>) -> Array<Nullable<Integer>> as Vec<Option<u64>>
        = "JSON.STRAPPEND" (&key, at(&path), Quoted(text.as_ref())) as JsonStrappend {
            since: module "ReJSON" "1.0.0", arity: -3, access: ReadWrite, effect: Creates
        };

    /// Returns the lengths of the strings at `path`; `None` for a match that is no string.
    fn json_strlen(key @ Json<Anything>, path: impl JsonPath) -> Array<Nullable<Integer>> as Vec<Option<u64>>
        = "JSON.STRLEN" (&key, at(&path)) as JsonStrlen {
            since: module "ReJSON" "1.0.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Inverts the truth values at `path` and returns the new ones; `None` for a match that is none.
    fn json_toggle(key @ Json<Anything>, path: impl JsonPath) -> Array<Nullable<Flag>> as Vec<Option<bool>>
        = "JSON.TOGGLE" (&key, at(&path)) as JsonToggle {
            since: module "ReJSON" "2.0.0", arity: 3, access: ReadWrite, effect: Creates
        };

    /// Returns the types of the values at `path`, or `None` if the key does not exist.
    fn json_type(key @ Json<Anything>, path: impl JsonPath) -> Types as Option<Vec<JsonType>>
        = "JSON.TYPE" (&key, at(&path)) as JsonTypeOf {
            since: module "ReJSON" "1.0.0", arity: -2, access: ReadOnly, effect: Preserves
        };
}
