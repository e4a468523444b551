//! The clients, each used as its own documentation shows.

pub mod floor;
pub mod fred;
pub mod redis_rs;
pub mod rustis;
pub mod typedis;

use crate::data::Order;
use std::{collections::HashMap, future::Future};

const NO_CLUSTER: &str = "the floor knows no cluster";

/// A client. A clone shares the connection.
pub trait Client: Clone + Send + Sync + 'static {
    /// The connection of a watched increment.
    type Own: Send + 'static;

    fn connect(url: &str) -> impl Future<Output = Self> + Send;

    /// A client for concurrent tasks, each of which gets a clone.
    fn crowd(&self) -> impl Future<Output = Self> + Send {
        std::future::ready(self.clone())
    }

    /// SETs and then GETs in one pipeline.
    fn pairs(&mut self, keys: &[String], values: &[String], atomic: bool) -> impl Future<Output = Vec<String>> + Send;

    /// SETs of keys of any slots.
    fn fill(&mut self, _keys: &[String], _values: &[String]) -> impl Future<Output = ()> + Send {
        async { unreachable!("{NO_CLUSTER}") }
    }

    /// GETs of keys of any slots, in one pipeline where the client has that.
    fn gets(&mut self, _keys: &[String]) -> impl Future<Output = Vec<String>> + Send {
        async { unreachable!("{NO_CLUSTER}") }
    }

    /// One MGET of keys of any slots.
    fn mget(&mut self, _keys: &[String]) -> impl Future<Output = Vec<String>> + Send {
        async { unreachable!("{NO_CLUSTER}") }
    }

    /// MULTI, SET, INCR, GET, EXEC.
    fn small(&mut self, key: &str, counter: &str) -> impl Future<Output = (i64, String)> + Send;

    /// The connection on which one task watches keys: a dedicated one, or a client with a pool.
    fn own(&self) -> impl Future<Output = Self::Own> + Send;

    /// WATCH, GET, MULTI, SET, EXEC, retried on a conflict.
    fn increment(own: &mut Self::Own, key: &str) -> impl Future<Output = ()> + Send;

    fn fill_list(&mut self, key: &str, elements: &[String]) -> impl Future<Output = ()> + Send;
    fn fill_hash(&mut self, key: &str, fields: &[String]) -> impl Future<Output = ()> + Send;
    fn lrange(&mut self, key: &str) -> impl Future<Output = Vec<String>> + Send;
    fn hgetall(&mut self, key: &str) -> impl Future<Output = HashMap<String, String>> + Send;
    fn set(&mut self, key: &str, value: &[u8]) -> impl Future<Output = ()> + Send;

    /// Reads a value as the client's cheapest type for bytes, and returns its length.
    fn get(&mut self, key: &str) -> impl Future<Output = usize> + Send;

    /// DEL of the stream and an XADD for each order, in one pipeline. Returns the number of ids.
    fn xadd(&mut self, orders: &[Order]) -> impl Future<Output = usize> + Send;

    /// XGROUP SETID, for the entries to be new, and XREADGROUP of `count` entries without acknowledgement, in one pipeline
    /// where the client can. Returns the number of entries, which are [orders](Order).
    fn xreadgroup(&mut self, count: usize) -> impl Future<Output = usize> + Send;

    /// GEOSEARCH of all `count` members around the center, with their distances. Returns the number of members.
    fn geosearch(&mut self, count: usize) -> impl Future<Output = usize> + Send;

    /// An HGETALL for each key in one pipeline. Returns the number of hashes, which are [orders](Order).
    fn structs(&mut self, keys: &[String]) -> impl Future<Output = usize> + Send;

    /// JSON.GET of the [catalog](crate::data::Catalog). Returns the number of its articles.
    fn json(&mut self) -> impl Future<Output = usize> + Send;
}
