use super::Client;
use redis::{AsyncTypedCommands as _, aio::MultiplexedConnection};
use std::collections::HashMap;

#[derive(Clone)]
pub struct Redis {
    client: redis::Client,
    connection: MultiplexedConnection,
}

impl Client for Redis {
    type Own = MultiplexedConnection;

    async fn connect(url: &str) -> Self {
        let client = redis::Client::open(url).expect("a client");
        let connection = client.get_multiplexed_async_connection().await.expect("a connection");
        Redis { client, connection }
    }

    async fn pairs(&mut self, keys: &[String], values: &[String], atomic: bool) -> Vec<String> {
        let mut pipe = redis::pipe();
        if atomic {
            pipe.atomic();
        }
        for (key, value) in keys.iter().zip(values) {
            pipe.set(key, value).ignore();
        }
        for key in keys {
            pipe.get(key);
        }
        pipe.query_async(&mut self.connection).await.expect("replies")
    }

    async fn small(&mut self, key: &str, counter: &str) -> (i64, String) {
        let mut pipe = redis::pipe();
        pipe.atomic().set(key, "hello").ignore().incr(counter, 1).get(key);
        pipe.query_async(&mut self.connection).await.expect("replies")
    }

    async fn own(&self) -> MultiplexedConnection {
        self.client.get_multiplexed_async_connection().await.expect("a connection")
    }

    async fn increment(own: &mut MultiplexedConnection, key: &str) {
        let done: Vec<String> = redis::aio::transaction_async(own.clone(), &[key], async |mut connection, mut pipe| {
            let current: Option<i64> = redis::cmd("GET").arg(key).query_async(&mut connection).await?;
            pipe.set(key, current.unwrap_or(0) + 1).query_async(&mut connection).await
        })
        .await
        .expect("a commit");
        assert_eq!(done.len(), 1);
    }

    async fn fill_list(&mut self, key: &str, elements: &[String]) {
        self.connection.del(key).await.expect("a reply");
        self.connection.rpush(key, elements).await.expect("a reply");
    }

    async fn fill_hash(&mut self, key: &str, fields: &[String]) {
        let pairs: Vec<_> = fields.iter().map(|field| (field, field)).collect();
        self.connection.hset_multiple(key, &pairs).await.expect("a reply");
    }

    async fn lrange(&mut self, key: &str) -> Vec<String> {
        redis::cmd("LRANGE").arg(key).arg(0).arg(-1).query_async(&mut self.connection).await.expect("a list")
    }

    async fn hgetall(&mut self, key: &str) -> HashMap<String, String> {
        redis::cmd("HGETALL").arg(key).query_async(&mut self.connection).await.expect("a hash")
    }

    async fn set(&mut self, key: &str, value: &[u8]) {
        redis::cmd("SET").arg(key).arg(value).exec_async(&mut self.connection).await.expect("a reply");
    }

    async fn get(&mut self, key: &str) -> usize {
        let value: Vec<u8> = redis::cmd("GET").arg(key).query_async(&mut self.connection).await.expect("a value");
        value.len()
    }
}
