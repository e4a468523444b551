//! Values of types of their own: an order, as an entry of a stream and as a hash, and a catalog, as a JSON document.

use serde::{Deserialize, Serialize};
use typedis::HashFields;

/// The stream with its orders, and the group that reads them.
pub const STREAM: &str = "stream";
pub const GROUP: &str = "group";
pub const WORKER: &str = "worker";
/// The set of places.
pub const PLACES: &str = "places";
/// The center of the search, in degrees to the east and to the north, and its radius in kilometers.
pub const CENTER: (f64, f64) = (13.4, 38.1);
pub const RADIUS: f64 = 500.0;
/// The document.
pub const CATALOG: &str = "catalog";

#[derive(Clone, Debug, PartialEq, HashFields, Serialize, Deserialize)]
pub struct Order {
    pub number: u64,
    pub customer: String,
    pub item: String,
    pub quantity: u32,
}

/// As many orders, whose texts have the same lengths.
pub fn orders(count: usize) -> Vec<Order> {
    let order = |index: usize| Order {
        number: 100_000 + index as u64,
        customer: format!("customer:{index:06}"),
        item: format!("item:{index:06}"),
        quantity: 10 + (index % 90) as u32,
    };
    (0..count).map(order).collect()
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Catalog {
    pub name: String,
    pub articles: Vec<Article>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Article {
    pub number: u64,
    pub title: String,
    pub price: f64,
    pub in_stock: bool,
    pub tags: Vec<String>,
}

/// The number of articles that make a document of 10 kB.
const ARTICLES: usize = 92;

pub fn catalog() -> Catalog {
    let article = |index: usize| Article {
        number: 100_000 + index as u64,
        title: format!("A thing of the kind {index:03}"),
        price: index as f64 + 0.75,
        in_stock: index % 3 != 0,
        tags: ["red", "small"].map(str::to_owned).to_vec(),
    };
    Catalog { name: "spring".to_owned(), articles: (0..ARTICLES).map(article).collect() }
}

/// A command in words.
type Command = Vec<String>;

fn command(words: &[&str]) -> Command {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// The commands that store the orders in a stream, which a group reads.
pub fn stream(count: usize) -> Vec<Command> {
    let mut commands = vec![command(&["DEL", STREAM])];
    commands.extend(orders(count).iter().map(|order| [command(&["XADD", STREAM, "*"]), words(order)].concat()));
    commands.push(command(&["XGROUP", "CREATE", STREAM, GROUP, "0"]));
    commands
}

/// The commands that store each order as a hash.
pub fn hashes(keys: &[String]) -> Vec<Command> {
    let stored = |(key, order)| [command(&["HSET", key]), words(order)].concat();
    keys.iter().map(String::as_str).zip(&orders(keys.len())).map(stored).collect()
}

fn words(Order { number, customer, item, quantity }: &Order) -> Command {
    let (number, quantity) = (number.to_string(), quantity.to_string());
    command(&["number", &number, "customer", customer, "item", item, "quantity", &quantity])
}

/// The commands that store places near the center.
pub fn places(count: usize) -> Vec<Command> {
    let place = |index: usize| {
        let (east, north) = (CENTER.0 + index as f64 * 1e-3, CENTER.1 + (index % 7) as f64 * 1e-2);
        command(&["GEOADD", PLACES, &east.to_string(), &north.to_string(), &format!("place:{index:06}")])
    };
    (0..count).map(place).collect()
}

/// The command that stores the document.
pub fn document() -> Vec<Command> {
    let json = serde_json::to_string(&catalog()).expect("JSON");
    assert!((9_500..10_500).contains(&json.len()), "a document of {} bytes", json.len());
    vec![command(&["JSON.SET", CATALOG, "$", &json])]
}
