use super::Client;
use futures_util::future::try_join_all;
use redis::{
    AsyncTypedCommands as _, Cmd, Pipeline, RedisFuture, Value,
    aio::{ConnectionLike, MultiplexedConnection},
    cluster::ClusterClient,
    cluster_async::ClusterConnection,
};
use std::collections::HashMap;

#[derive(Clone)]
pub struct Redis {
    url: String,
    connection: Connection,
}

/// A connection to one server, or to a cluster.
#[derive(Clone)]
pub enum Connection {
    Single(MultiplexedConnection),
    Cluster(ClusterConnection),
}

impl ConnectionLike for Connection {
    fn req_packed_command<'a>(&'a mut self, command: &'a Cmd) -> RedisFuture<'a, Value> {
        match self {
            Connection::Single(connection) => connection.req_packed_command(command),
            Connection::Cluster(connection) => connection.req_packed_command(command),
        }
    }

    fn req_packed_commands<'a>(
        &'a mut self,
        pipeline: &'a Pipeline,
        offset: usize,
        count: usize,
    ) -> RedisFuture<'a, Vec<Value>> {
        match self {
            Connection::Single(connection) => connection.req_packed_commands(pipeline, offset, count),
            Connection::Cluster(connection) => connection.req_packed_commands(pipeline, offset, count),
        }
    }

    fn get_db(&self) -> i64 {
        match self {
            Connection::Single(connection) => connection.get_db(),
            Connection::Cluster(connection) => connection.get_db(),
        }
    }
}

async fn open(url: &str) -> Connection {
    if let Some(address) = url.strip_prefix("redis+cluster://") {
        let client = ClusterClient::new([format!("redis://{address}")]).expect("a client");
        return Connection::Cluster(client.get_async_connection().await.expect("a connection"));
    }
    let client = redis::Client::open(url).expect("a client");
    Connection::Single(client.get_multiplexed_async_connection().await.expect("a connection"))
}

impl Client for Redis {
    type Own = Connection;

    async fn connect(url: &str) -> Self {
        Redis { url: url.to_owned(), connection: open(url).await }
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

    async fn fill(&mut self, keys: &[String], values: &[String]) {
        for (key, value) in keys.iter().zip(values) {
            self.connection.set(key, value).await.expect("a reply");
        }
    }

    /// In a cluster side by side, since a pipeline is of one slot.
    async fn gets(&mut self, keys: &[String]) -> Vec<String> {
        if let Connection::Cluster(connection) = &self.connection {
            let get = |key| {
                let mut connection = connection.clone();
                async move { redis::cmd("GET").arg(key).query_async::<String>(&mut connection).await }
            };
            return try_join_all(keys.iter().map(get)).await.expect("replies");
        }
        let mut pipe = redis::pipe();
        for key in keys {
            pipe.get(key);
        }
        pipe.query_async(&mut self.connection).await.expect("replies")
    }

    async fn mget(&mut self, keys: &[String]) -> Vec<String> {
        redis::cmd("MGET").arg(keys).query_async(&mut self.connection).await.expect("a reply")
    }

    async fn small(&mut self, key: &str, counter: &str) -> (i64, String) {
        let mut pipe = redis::pipe();
        pipe.atomic().set(key, "hello").ignore().incr(counter, 1).get(key);
        pipe.query_async(&mut self.connection).await.expect("replies")
    }

    async fn own(&self) -> Connection {
        open(&self.url).await
    }

    async fn increment(own: &mut Connection, key: &str) {
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
