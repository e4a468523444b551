use super::Client;
use crate::data::{CATALOG, CENTER, Catalog, GROUP, Order, PLACES, RADIUS, STREAM, WORKER};
use rustis::{
    client::{BatchPreparedCommand as _, ExclusiveClient},
    commands::{
        GenericCommands as _, GeoCommands as _, GeoSearchBy, GeoSearchFrom, GeoSearchOptions, GeoUnit,
        HashCommands as _, JsonCommands as _, JsonGetOptions, ListCommands as _, StreamCommands as _,
        StringCommands as _, TransactionCommands as _, XAddOptions, XReadGroupOptions,
    },
    resp::{BulkString, Json},
};
use std::{collections::HashMap, hint::black_box};

#[derive(Clone)]
pub struct Rustis {
    client: rustis::client::Client,
    url: String,
}

impl Client for Rustis {
    type Own = ExclusiveClient;

    async fn connect(url: &str) -> Self {
        let client = rustis::client::Client::connect(url).await.expect("a connection");
        Rustis { client, url: url.to_owned() }
    }

    async fn pairs(&mut self, keys: &[String], values: &[String], atomic: bool) -> Vec<String> {
        let pairs = keys.iter().zip(values);
        if atomic {
            let mut transaction = self.client.create_transaction();
            pairs.for_each(|(key, value)| transaction.set(key, value).forget());
            keys.iter().for_each(|key| transaction.get::<String>(key).queue());
            return transaction.execute().await.expect("replies");
        }
        let mut pipeline = self.client.create_pipeline();
        pairs.for_each(|(key, value)| pipeline.set(key, value).forget());
        keys.iter().for_each(|key| pipeline.get::<String>(key).queue());
        pipeline.execute().await.expect("replies")
    }

    async fn fill(&mut self, keys: &[String], values: &[String]) {
        let mut pipeline = self.client.create_pipeline();
        keys.iter().zip(values).for_each(|(key, value)| pipeline.set(key, value).forget());
        pipeline.execute::<()>().await.expect("replies");
    }

    async fn gets(&mut self, keys: &[String]) -> Vec<String> {
        let mut pipeline = self.client.create_pipeline();
        keys.iter().for_each(|key| pipeline.get::<String>(key).queue());
        pipeline.execute().await.expect("replies")
    }

    async fn mget(&mut self, keys: &[String]) -> Vec<String> {
        self.client.mget(keys).await.expect("a reply")
    }

    async fn small(&mut self, key: &str, counter: &str) -> (i64, String) {
        let mut transaction = self.client.create_transaction();
        transaction.set(key, "hello").forget();
        transaction.incr(counter).queue();
        transaction.get::<String>(key).queue();
        transaction.execute().await.expect("replies")
    }

    async fn own(&self) -> ExclusiveClient {
        ExclusiveClient::connect(self.url.as_str()).await.expect("a connection")
    }

    async fn increment(own: &mut ExclusiveClient, key: &str) {
        loop {
            own.watch(key).await.expect("a reply");
            let current: Option<i64> = own.get(key).await.expect("a value");
            let mut transaction = own.create_transaction();
            transaction.set(key, current.unwrap_or(0) + 1).queue();
            match transaction.execute::<()>().await {
                Ok(()) => return,
                Err(error) if matches!(error.kind(), rustis::ErrorKind::Aborted) => {}
                Err(error) => panic!("{error}"),
            }
        }
    }

    async fn fill_list(&mut self, key: &str, elements: &[String]) {
        self.client.del(key).await.expect("a reply");
        self.client.rpush(key, elements).await.expect("a reply");
    }

    async fn fill_hash(&mut self, key: &str, fields: &[String]) {
        let pairs: HashMap<_, _> = fields.iter().map(|field| (field, field)).collect();
        self.client.hset(key, pairs).await.expect("a reply");
    }

    async fn lrange(&mut self, key: &str) -> Vec<String> {
        self.client.lrange(key, 0, -1).await.expect("a list")
    }

    async fn hgetall(&mut self, key: &str) -> HashMap<String, String> {
        self.client.hgetall(key).await.expect("a hash")
    }

    async fn set(&mut self, key: &str, value: &[u8]) {
        self.client.set(key, rustis::resp::RefBulkString::from(value)).await.expect("a reply");
    }

    async fn xadd(&mut self, orders: &[Order]) -> usize {
        let mut pipeline = self.client.create_pipeline();
        pipeline.del(STREAM).forget();
        orders.iter().for_each(|order| pipeline.xadd::<String>(STREAM, "*", order, XAddOptions::default()).queue());
        let ids: Vec<String> = pipeline.execute().await.expect("replies");
        black_box(ids).len()
    }

    async fn xreadgroup(&mut self, count: usize) -> usize {
        let options = XReadGroupOptions::default().count(count as u32).no_ack();
        let mut pipeline = self.client.create_pipeline();
        pipeline.xgroup_setid(STREAM, GROUP, "0", None).forget();
        pipeline.xreadgroup::<()>(GROUP, WORKER, options, STREAM, ">").queue();
        // Cheaper than a `StreamEntry`, which has a `HashMap`.
        let (streams,): (Vec<(String, Vec<(String, Order)>)>,) = pipeline.execute().await.expect("replies");
        black_box(streams)[0].1.len()
    }

    async fn geosearch(&mut self, _count: usize) -> usize {
        let (from, by) = (
            GeoSearchFrom::from_longitude_latitude(CENTER.0, CENTER.1),
            GeoSearchBy::by_radius(RADIUS, GeoUnit::Kilometers),
        );
        let options = GeoSearchOptions::default().with_dist();
        let places: Vec<(String, f64)> = self.client.geosearch(PLACES, from, by, options).await.expect("a reply");
        black_box(places).len()
    }

    async fn structs(&mut self, keys: &[String]) -> usize {
        let mut pipeline = self.client.create_pipeline();
        keys.iter().for_each(|key| pipeline.hgetall::<Order>(key).queue());
        let orders: Vec<Order> = pipeline.execute().await.expect("replies");
        black_box(orders).len()
    }

    async fn json(&mut self) -> usize {
        let Json(catalog): Json<Catalog> =
            self.client.json_get(CATALOG, JsonGetOptions::default()).await.expect("a document");
        black_box(catalog).articles.len()
    }

    async fn get(&mut self, key: &str) -> usize {
        let value: BulkString = self.client.get(key).await.expect("a value");
        value.len()
    }
}
