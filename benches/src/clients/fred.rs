use super::Client;
use crate::data::{CATALOG, CENTER, Catalog, GROUP, Order, PLACES, RADIUS, STREAM, WORKER};
use bytes::Bytes;
use fred::{
    prelude::*,
    types::{
        Value,
        geo::{GeoPosition, GeoUnit},
        streams::XReadResponse,
    },
};
use std::{collections::HashMap, hint::black_box};

#[derive(Clone)]
pub struct Fred {
    client: fred::prelude::Client,
    url: String,
}

async fn open(url: &str) -> fred::prelude::Client {
    let url = url.replace("unix://", "redis+unix://").replace("redis+cluster://", "redis-cluster://");
    let client = Builder::from_config(Config::from_url(&url).expect("a URL")).build().expect("a client");
    client.init().await.expect("a connection");
    client
}

/// Makes an order of the fields of an entry or of a hash.
fn order(mut fields: HashMap<String, Value>) -> Option<Order> {
    let mut take = |name| fields.remove(name);
    Some(Order {
        number: take("number")?.as_u64()?,
        customer: take("customer")?.into_string()?,
        item: take("item")?.into_string()?,
        quantity: take("quantity")?.as_u64()?.try_into().ok()?,
    })
}

impl Client for Fred {
    type Own = fred::prelude::Client;

    async fn connect(url: &str) -> Self {
        Fred { client: open(url).await, url: url.to_owned() }
    }

    async fn pairs(&mut self, keys: &[String], values: &[String], atomic: bool) -> Vec<String> {
        let pairs = keys.iter().zip(values);
        let mut replies: Vec<String> = if atomic {
            let transaction = self.client.multi();
            for (key, value) in pairs {
                let () = transaction.set(key, value, None, None, false).await.expect("queued");
            }
            for key in keys {
                let () = transaction.get(key).await.expect("queued");
            }
            transaction.exec(false).await.expect("replies")
        } else {
            let pipeline = self.client.pipeline();
            for (key, value) in pairs {
                let () = pipeline.set(key, value, None, None, false).await.expect("queued");
            }
            for key in keys {
                let () = pipeline.get(key).await.expect("queued");
            }
            pipeline.all().await.expect("replies")
        };
        replies.split_off(keys.len())
    }

    async fn fill(&mut self, keys: &[String], values: &[String]) {
        let pipeline = self.client.pipeline();
        for (key, value) in keys.iter().zip(values) {
            let () = pipeline.set(key, value, None, None, false).await.expect("queued");
        }
        let _: Vec<String> = pipeline.all().await.expect("replies");
    }

    async fn gets(&mut self, keys: &[String]) -> Vec<String> {
        let pipeline = self.client.pipeline();
        for key in keys {
            let () = pipeline.get(key).await.expect("queued");
        }
        pipeline.all().await.expect("replies")
    }

    async fn mget(&mut self, keys: &[String]) -> Vec<String> {
        self.client.mget(keys.to_vec()).await.expect("a reply")
    }

    async fn small(&mut self, key: &str, counter: &str) -> (i64, String) {
        let transaction = self.client.multi();
        let () = transaction.set(key, "hello", None, None, false).await.expect("queued");
        let () = transaction.incr(counter).await.expect("queued");
        let () = transaction.get(key).await.expect("queued");
        let ((), count, value) = transaction.exec(false).await.expect("replies");
        (count, value)
    }

    async fn own(&self) -> fred::prelude::Client {
        open(&self.url).await
    }

    async fn increment(own: &mut fred::prelude::Client, key: &str) {
        loop {
            own.watch(key).await.expect("a reply");
            let current: Option<i64> = own.get(key).await.expect("a value");
            let transaction = own.multi();
            let () = transaction.set(key, current.unwrap_or(0) + 1, None, None, false).await.expect("queued");
            let done: Value = transaction.exec(true).await.expect("a reply");
            if !done.is_null() {
                return;
            }
        }
    }

    async fn fill_list(&mut self, key: &str, elements: &[String]) {
        let () = self.client.del(key).await.expect("a reply");
        let () = self.client.rpush(key, elements.to_vec()).await.expect("a reply");
    }

    async fn fill_hash(&mut self, key: &str, fields: &[String]) {
        let pairs: HashMap<_, _> = fields.iter().map(|field| (field.clone(), field.clone())).collect();
        let () = self.client.hset(key, pairs).await.expect("a reply");
    }

    async fn lrange(&mut self, key: &str) -> Vec<String> {
        self.client.lrange(key, 0, -1).await.expect("a list")
    }

    async fn hgetall(&mut self, key: &str) -> HashMap<String, String> {
        self.client.hgetall(key).await.expect("a hash")
    }

    async fn set(&mut self, key: &str, value: &[u8]) {
        let () = self.client.set(key, value, None, None, false).await.expect("a reply");
    }

    async fn xadd(&mut self, orders: &[Order]) -> usize {
        let pipeline = self.client.pipeline();
        let () = pipeline.del(STREAM).await.expect("queued");
        for order in orders {
            let fields: [(&str, Value); 4] = [
                ("number", Value::Integer(order.number as i64)),
                ("customer", (&order.customer).into()),
                ("item", (&order.item).into()),
                ("quantity", Value::Integer(order.quantity.into())),
            ];
            let () = pipeline.xadd(STREAM, false, None, "*", fields.to_vec()).await.expect("queued");
        }
        let (ids,): (Vec<String>,) = (pipeline.all().await.expect("replies"),);
        black_box(ids).len() - 1
    }

    /// In two steps, because a pipeline converts no entries.
    async fn xreadgroup(&mut self, count: usize) -> usize {
        let () = self.client.xgroup_setid(STREAM, GROUP, "0").await.expect("a reply");
        let streams: XReadResponse<String, String, String, Value> = self
            .client
            .xreadgroup_map(GROUP, WORKER, Some(count as u64), None, true, STREAM, ">")
            .await
            .expect("entries");
        let entries = streams.into_values().flatten();
        let orders: Vec<(String, Order)> = entries.map(|(id, fields)| (id, order(fields).expect("an order"))).collect();
        black_box(orders).len()
    }

    async fn geosearch(&mut self, _count: usize) -> usize {
        let (position, radius) =
            (GeoPosition { longitude: CENTER.0, latitude: CENTER.1 }, (RADIUS, GeoUnit::Kilometers));
        let found: Value = self
            .client
            .geosearch(PLACES, None, Some(position), Some(radius), None, None, None, false, true, false)
            .await
            .expect("a reply");
        black_box(found.into_geo_radius_result(false, true, false).expect("places")).len()
    }

    async fn structs(&mut self, keys: &[String]) -> usize {
        let pipeline = self.client.pipeline();
        for key in keys {
            let () = pipeline.hgetall(key).await.expect("queued");
        }
        let hashes: Vec<HashMap<String, Value>> = pipeline.all().await.expect("replies");
        let orders: Vec<Order> = hashes.into_iter().map(|fields| order(fields).expect("an order")).collect();
        black_box(orders).len()
    }

    async fn json(&mut self) -> usize {
        let json: fred::bytes_utils::Str =
            self.client.json_get(CATALOG, None::<&str>, None::<&str>, None::<&str>, ".").await.expect("a reply");
        let catalog: Catalog = serde_json::from_str(&json).expect("JSON");
        black_box(catalog).articles.len()
    }

    async fn get(&mut self, key: &str) -> usize {
        let value: Bytes = self.client.get(key).await.expect("a value");
        value.len()
    }
}
