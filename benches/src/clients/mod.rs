//! The clients, each in the way its own documentation shows.

pub mod floor;
pub mod fred;
pub mod redis_rs;
pub mod rustis;
pub mod typedis;

use std::{collections::HashMap, future::Future};

/// What every client does. A clone shares the connection.
pub trait Client: Clone + Send + Sync + 'static {
    /// What a watched increment runs on.
    type Own: Send + 'static;

    fn connect(url: &str) -> impl Future<Output = Self> + Send;

    /// A client for many tasks at a time, each of which gets a clone.
    fn crowd(&self) -> impl Future<Output = Self> + Send {
        std::future::ready(self.clone())
    }

    /// SETs and then GETs in one pipeline.
    fn pairs(&mut self, keys: &[String], values: &[String], atomic: bool) -> impl Future<Output = Vec<String>> + Send;

    /// MULTI, SET, INCR, GET, EXEC.
    fn small(&mut self, key: &str, counter: &str) -> impl Future<Output = (i64, String)> + Send;

    /// What one task needs to watch keys: a connection of its own, or a client that lends it one.
    fn own(&self) -> impl Future<Output = Self::Own> + Send;

    /// WATCH, GET, MULTI, SET, EXEC, again on a conflict.
    fn increment(own: &mut Self::Own, key: &str) -> impl Future<Output = ()> + Send;

    fn fill_list(&mut self, key: &str, elements: &[String]) -> impl Future<Output = ()> + Send;
    fn fill_hash(&mut self, key: &str, fields: &[String]) -> impl Future<Output = ()> + Send;
    fn lrange(&mut self, key: &str) -> impl Future<Output = Vec<String>> + Send;
    fn hgetall(&mut self, key: &str) -> impl Future<Output = HashMap<String, String>> + Send;
    fn set(&mut self, key: &str, value: &[u8]) -> impl Future<Output = ()> + Send;

    /// Reads a value as the cheapest type that the client has for it, and returns its length.
    fn get(&mut self, key: &str) -> impl Future<Output = usize> + Send;
}
