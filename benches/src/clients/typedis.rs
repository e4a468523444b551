use super::Client;
use crate::data::{CATALOG, CENTER, Catalog, GROUP, Order, PLACES, RADIUS, STREAM, WORKER};
use bytes::Bytes;
use std::{collections::HashMap, future::Future, hint::black_box};
use typedis::{
    ClientOn,
    commands::{
        geo::{GeosearchOptions, Kilometers, Position},
        stream::{StreamId, XreadgroupOptions},
    },
    hlist_pat, pipeline,
    prelude::*,
    topology::{Cluster, SingleServer, Topology},
};

/// On one server, or on a cluster.
#[derive(Clone)]
pub struct Typedis<T>(ClientOn<T>);

/// A topology that a client connects to by a URL.
pub trait Connect: Topology {
    fn connect(url: &str) -> impl Future<Output = typedis::Result<ClientOn<Self>>> + Send;
}

impl Connect for SingleServer {
    fn connect(url: &str) -> impl Future<Output = typedis::Result<typedis::Client>> + Send {
        typedis::Client::connect(url)
    }
}

impl Connect for Cluster {
    fn connect(url: &str) -> impl Future<Output = typedis::Result<typedis::ClusterClient>> + Send {
        typedis::ClusterClient::connect(url)
    }
}

impl<T: Connect> Client for Typedis<T> {
    type Own = ClientOn<T>;

    async fn connect(url: &str) -> Self {
        Typedis(T::connect(url).await.expect("a connection"))
    }

    async fn fill(&mut self, keys: &[String], values: &[String]) {
        let queue = self.0.pipeline().without_transaction();
        queue.each(keys.iter().zip(values), |p, (key, value)| p.set(key, value)).execute().await.expect("replies");
    }

    async fn gets(&mut self, keys: &[String]) -> Vec<String> {
        let queue = self.0.pipeline().without_transaction();
        let hlist_pat![replies] = queue.each(keys, |p, key| p.get::<String>(key)).execute().await.expect("replies");
        replies.into_iter().map(|reply| reply.expect("a value")).collect()
    }

    async fn mget(&mut self, keys: &[String]) -> Vec<String> {
        let values: Vec<Option<String>> = self.0.mget(keys).await.expect("a reply");
        values.into_iter().map(|value| value.expect("a value")).collect()
    }

    async fn pairs(&mut self, keys: &[String], values: &[String], atomic: bool) -> Vec<String> {
        let pairs = || keys.iter().zip(values);
        let replies = if atomic {
            let queue = self.0.pipeline().each(pairs(), |p, (key, value)| p.set(key, value));
            let hlist_pat![_, replies] =
                queue.each(keys, |p, key| p.get::<String>(key)).execute().await.expect("replies");
            replies
        } else {
            let queue = self.0.pipeline().without_transaction().each(pairs(), |p, (key, value)| p.set(key, value));
            let hlist_pat![_, replies] =
                queue.each(keys, |p, key| p.get::<String>(key)).execute().await.expect("replies");
            replies
        };
        replies.into_iter().map(|reply| reply.expect("a value")).collect()
    }

    async fn small(&mut self, key: &str, counter: &str) -> (i64, String) {
        let client = &self.0;
        let ((), count, value) =
            pipeline! { client => set(key, "hello"); incr(counter); get::<String>(key) }.expect("replies");
        (count, value.expect("a value"))
    }

    async fn own(&self) -> ClientOn<T> {
        self.0.clone()
    }

    async fn increment(client: &mut ClientOn<T>, key: &str) {
        let client = &*client;
        let done: typedis::Result<_> = async {
            pipeline! { client =>
                watch(key);
                let current = get::<i64>(key)?.unwrap_or(0);
                multi();
                set(key, current + 1);
            }
        }
        .await;
        done.expect("a commit");
    }

    async fn fill_list(&mut self, key: &str, elements: &[String]) {
        self.0.del(key).await.expect("a reply");
        self.0.rpush(key, elements).await.expect("a reply");
    }

    async fn fill_hash(&mut self, key: &str, fields: &[String]) {
        let pairs: Vec<_> = fields.iter().map(|field| (field, field)).collect();
        self.0.hset(key, pairs).await.expect("a reply");
    }

    async fn lrange(&mut self, key: &str) -> Vec<String> {
        self.0.lrange(key, 0, -1).await.expect("a list")
    }

    async fn hgetall(&mut self, key: &str) -> HashMap<String, String> {
        self.0.hgetall(key).await.expect("a hash")
    }

    async fn set(&mut self, key: &str, value: &[u8]) {
        self.0.set(key, value).await.expect("a reply");
    }

    async fn xadd(&mut self, orders: &[Order]) -> usize {
        let queue = self.0.pipeline().without_transaction().del(STREAM);
        let hlist_pat![_, ids] = queue.each(orders, |p, order| p.xadd(STREAM, order)).execute().await.expect("replies");
        black_box(ids).len()
    }

    async fn xreadgroup(&mut self, count: usize) -> usize {
        let options = XreadgroupOptions::new().count(count as u64).noack();
        let queue = self.0.pipeline().without_transaction().xgroup_setid(STREAM, GROUP, StreamId::MIN);
        let queue = queue.xreadgroup_with::<Order, _>(GROUP, WORKER, STREAM, options);
        let hlist_pat![_, entries] = queue.execute().await.expect("replies");
        black_box(entries).len()
    }

    async fn geosearch(&mut self, _count: usize) -> usize {
        let center = GeosearchOptions::fromlonlat(Position::new(CENTER.0, CENTER.1));
        let options = center.byradius(Kilometers(RADIUS)).withdist();
        let places: Vec<(String, Kilometers)> = self.0.geosearch(PLACES, options).await.expect("a reply");
        black_box(places).len()
    }

    async fn structs(&mut self, keys: &[String]) -> usize {
        let queue = self.0.pipeline().without_transaction();
        let hlist_pat![orders] = queue.each(keys, |p, key| p.hgetall::<Order>(key)).execute().await.expect("replies");
        black_box(orders).len()
    }

    async fn json(&mut self) -> usize {
        let catalog: Option<Catalog> = self.0.json_get(CATALOG).await.expect("a reply");
        black_box(catalog).expect("a document").articles.len()
    }

    async fn get(&mut self, key: &str) -> usize {
        self.0.get::<Bytes>(key).await.expect("a reply").expect("a value").len()
    }
}
