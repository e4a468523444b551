//! A shop's search page, on the module `search`: `cargo run --example shop_search --features search`.
//!
//! The example starts a server of its own with the module: it asks for a folder with `redisearch.so` in `TYPEDIS_MODULES`.

use std::time::Duration;
use typedis::{
    Client, HashFields, Result,
    commands::search::{
        Aggregation, DocumentPart, Index, Page, Query, Reducer, SearchDocument, SearchOptions, SearchRow, Tags,
    },
    key::Hash,
    keyspace,
    prelude::*,
};
use typedis_testing::Module;

/// A product: what HSET writes and a search reads, with the fields that are indexed and how.
#[derive(Clone, Debug, HashFields, SearchDocument)]
struct Product {
    #[search(text(weight = 2.0), sortable)]
    name: String,
    #[search(text)]
    description: String,
    #[search(tag)]
    category: String,
    #[search(tag)]
    labels: Tags,
    #[search(numeric, sortable)]
    price: f64,
    #[search(numeric)]
    stock: u32,
}

/// The part of a product that a page of results shows: no other field is sent.
#[derive(Debug, HashFields, DocumentPart)]
#[search(of = Product)]
struct Teaser {
    name: String,
    price: f64,
}

/// A row of the box beside the results: how many products of each category there are, and from which price on.
#[derive(Debug, SearchRow)]
struct Facet {
    category: Option<String>,
    products: u64,
    cheapest: f64,
}

keyspace! {
    product(id: u32): Hash<Product> = "product:{id}";
}
const PRODUCTS: Index<Product> = Index::new("products", &["product:"]);

/// What a visitor has chosen on the page.
#[derive(Debug, Default)]
struct Choice<'a> {
    words: &'a str,
    category: Option<&'a str>,
    labels: &'a [&'a str],
    up_to: Option<f64>,
    cheapest_first: bool,
    page: u64,
}

const PAGE: u64 = 2;

#[tokio::main]
async fn main() -> Result<()> {
    let Some(server) = Module::Search.server().await else {
        println!(
            "This example needs the module `search`, which is not at hand: let TYPEDIS_MODULES name a folder with \
             redisearch.so, and TYPEDIS_SERVER a Redis from 8.0 on or a Valkey that loads it. `cargo xtask test` gets both."
        );
        return Ok(());
    };
    println!("server: {}\n", server.description());
    let client = Client::connect(&server.url()).await?;
    create_index(&client).await?;
    add_products(&client).await?;

    let all = Choice { cheapest_first: true, ..Choice::default() };
    show(&client, "everything, cheapest first", &all).await?;
    show(&client, "the second page of it", &Choice { page: 1, ..all }).await?;
    show(&client, "red shoes", &Choice { words: "red shoes", ..Choice::default() }).await?;
    let sale =
        Choice { labels: &["on sale", "last one"], up_to: Some(40.0), cheapest_first: true, ..Choice::default() };
    show(&client, "on sale or the last one, up to 40", &sale).await?;
    let hats = Choice { category: Some("hats & caps"), ..Choice::default() };
    show(&client, "hats & caps", &hats).await?;
    // What a visitor types is never read as a query.
    show(&client, "a visitor's own ideas", &Choice { words: "@price:[0 (inf] | {*}", ..Choice::default() }).await?;
    Ok(())
}

/// Creates the index where there is none, and waits until the products that exist are in it.
async fn create_index(client: &Client) -> Result<()> {
    let created = client.ft_create(PRODUCTS).await?;
    println!("the index {}", if created { "was created" } else { "is there" });
    while client.ft_info(PRODUCTS).await?.indexing {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

async fn add_products(client: &Client) -> Result<()> {
    let products = [
        ("Red running shoe", "Light, for long ways", "shoes", &["new"][..], 89.0),
        ("Red sandal", "A summer shoe in red leather", "shoes", &["on sale"], 35.0),
        ("Blue shoe", "For every day", "shoes", &["on sale", "last one"], 49.5),
        ("Hat", "With a red feather", "hats & caps", &[], 25.0),
        ("Cap", "Against the sun", "hats & caps", &["last one"], 15.0),
    ];
    let products = products.map(|(name, description, category, labels, price)| Product {
        name: name.into(),
        description: description.into(),
        category: category.into(),
        labels: labels.iter().copied().collect(),
        price,
        stock: 3,
    });
    client.pipeline().each((1..).zip(&products), |queue, (id, new)| queue.hset(product(id), new)).execute().await?;
    Ok(())
}

/// The query of a choice: each part that was chosen is one more condition.
fn query(choice: &Choice<'_>) -> Query<Product> {
    let p = Product::FIELDS;
    let mut query = p.stock.above(0);
    if choice.words.chars().any(char::is_alphanumeric) {
        query &= Query::words(choice.words);
    }
    if let Some(category) = choice.category {
        query &= p.category.is(category);
    }
    if !choice.labels.is_empty() {
        query &= p.labels.is_any(choice.labels);
    }
    if let Some(price) = choice.up_to {
        query &= p.price.at_most(price);
    }
    query
}

/// Shows a page of results with its facets, which are asked for in one write.
async fn show(client: &Client, title: &str, choice: &Choice<'_>) -> Result<()> {
    let (p, f) = (Product::FIELDS, Facet::COLUMNS);
    let mut options = SearchOptions::new(query(choice)).returning::<Teaser>().limit(choice.page * PAGE, PAGE);
    if choice.cheapest_first {
        options = options.sortby_asc(p.price);
    }
    let facets = Aggregation::<Product, Facet>::new(query(choice))
        .groupby(p.category)
        .reduce(Reducer::count(), f.products)
        .reduce(Reducer::min(p.price), f.cheapest)
        .sortby_desc(f.products);
    let hlist_pat![found, facets] = client
        .pipeline()
        .without_transaction()
        .ft_search_with(PRODUCTS, options)
        .ft_aggregate(PRODUCTS, facets)
        .execute()
        .await?;
    // A page that is not complete, because the server ran out of time, is an error here.
    let page: Page<_> = found.complete()?;
    println!("\n{title}: {} found", page.total);
    for Teaser { name, price } in page.documents() {
        println!("  {name:<20} {price:>6.2}");
    }
    for Facet { category, products, cheapest } in facets.complete()? {
        let category = category.unwrap_or_else(|| "others".to_owned());
        println!("  [{category}: {products}, from {cheapest:.2}]");
    }
    Ok(())
}
