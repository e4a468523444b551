use super::Client;
use crate::data::{CATALOG, CENTER, Catalog, GROUP, Order, PLACES, RADIUS, STREAM, WORKER};
use futures_util::future::try_join_all;
use redis::{
    AsyncTypedCommands as _, Cmd, FromRedisValue, ParsingError, Pipeline, RedisFuture, RedisWrite, ToRedisArgs, Value,
    aio::{ConnectionLike, MultiplexedConnection},
    cluster::ClusterClient,
    cluster_async::ClusterConnection,
    from_redis_value,
    streams::StreamReadOptions,
};
use std::{collections::HashMap, hint::black_box};

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

impl ToRedisArgs for Order {
    fn write_redis_args<W: ?Sized + RedisWrite>(&self, out: &mut W) {
        ("number", self.number).write_redis_args(out);
        ("customer", &self.customer).write_redis_args(out);
        ("item", &self.item).write_redis_args(out);
        ("quantity", self.quantity).write_redis_args(out);
    }
}

impl FromRedisValue for Order {
    fn from_redis_value(value: Value) -> Result<Self, ParsingError> {
        let (mut number, mut customer, mut item, mut quantity) = (None, None, None, None);
        for (name, value) in value.into_map_iter().map_err(|_| ParsingError::from("no map"))? {
            let Value::BulkString(name) = name else { continue };
            match &name[..] {
                b"number" => number = Some(from_redis_value(value)?),
                b"customer" => customer = Some(from_redis_value(value)?),
                b"item" => item = Some(from_redis_value(value)?),
                b"quantity" => quantity = Some(from_redis_value(value)?),
                _ => {}
            }
        }
        let missing = || ParsingError::from("a field is missing");
        Ok(Order {
            number: number.ok_or_else(missing)?,
            customer: customer.ok_or_else(missing)?,
            item: item.ok_or_else(missing)?,
            quantity: quantity.ok_or_else(missing)?,
        })
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

    async fn xadd(&mut self, orders: &[Order]) -> usize {
        let mut pipe = redis::pipe();
        pipe.del(STREAM).ignore();
        for order in orders {
            pipe.xadd_map(STREAM, "*", order);
        }
        let ids: Vec<String> = pipe.query_async(&mut self.connection).await.expect("replies");
        black_box(ids).len()
    }

    async fn xreadgroup(&mut self, count: usize) -> usize {
        let options = StreamReadOptions::default().group(GROUP, WORKER).count(count).noack();
        let mut pipe = redis::pipe();
        pipe.xgroup_setid(STREAM, GROUP, "0").ignore().xread_options(&[STREAM], &[">"], &options);
        // Cheaper than a `StreamReadReply`, which has a `HashMap` for each entry.
        let (streams,): (Vec<(String, Vec<(String, Order)>)>,) =
            pipe.query_async(&mut self.connection).await.expect("replies");
        black_box(streams)[0].1.len()
    }

    async fn geosearch(&mut self, _count: usize) -> usize {
        let mut search = redis::cmd("GEOSEARCH");
        search.arg(PLACES).arg("FROMLONLAT").arg(CENTER.0).arg(CENTER.1).arg("BYRADIUS").arg(RADIUS);
        search.arg("km").arg("WITHDIST");
        let places: Vec<(String, f64)> = search.query_async(&mut self.connection).await.expect("a reply");
        black_box(places).len()
    }

    async fn structs(&mut self, keys: &[String]) -> usize {
        let mut pipe = redis::pipe();
        for key in keys {
            pipe.hgetall(key);
        }
        let orders: Vec<Order> = pipe.query_async(&mut self.connection).await.expect("replies");
        black_box(orders).len()
    }

    /// As the method of the feature `json`, which returns text too.
    async fn json(&mut self) -> usize {
        let json: String =
            redis::cmd("JSON.GET").arg(CATALOG).query_async(&mut self.connection).await.expect("a reply");
        let catalog: Catalog = serde_json::from_str(&json).expect("JSON");
        black_box(catalog).articles.len()
    }

    async fn get(&mut self, key: &str) -> usize {
        let value: Vec<u8> = redis::cmd("GET").arg(key).query_async(&mut self.connection).await.expect("a value");
        value.len()
    }
}
