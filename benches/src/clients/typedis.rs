use super::Client;
use bytes::Bytes;
use std::collections::HashMap;
use typedis::{hlist_pat, pipeline, prelude::*};

#[derive(Clone)]
pub struct Typedis(typedis::Client);

impl Client for Typedis {
    type Own = typedis::Client;

    async fn connect(url: &str) -> Self {
        Typedis(typedis::Client::connect(url).await.expect("a connection"))
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

    async fn own(&self) -> typedis::Client {
        self.0.clone()
    }

    async fn increment(client: &mut typedis::Client, key: &str) {
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

    async fn get(&mut self, key: &str) -> usize {
        self.0.get::<Bytes>(key).await.expect("a reply").expect("a value").len()
    }
}
