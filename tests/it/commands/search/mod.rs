//! The commands of the module `search`, each run against a real server with the module, where it is at hand.

mod rows;

use crate::support::rows::with_module;
use std::time::Duration;
use typedis::{
    Client, Error, HashFields, Key, Result,
    commands::{
        geo::{Kilometers, Position},
        search::{CreateOptions, DocumentPart, GeoPoint, Index, Query, SearchDocument, SearchOptions, Tags, Vector},
    },
    key::Hash,
    prelude::*,
};
use typedis_testing::{Module, Raw, Server};

#[derive(Clone, Debug, PartialEq, HashFields, SearchDocument)]
struct Product {
    #[search(text(weight = 2.0), sortable)]
    name: String,
    #[search(tag)]
    tags: Tags,
    #[search(tag(separator = ';', casesensitive))]
    #[typedis(rename = "maker-name")]
    maker: Option<String>,
    #[search(numeric, sortable)]
    price: f64,
    #[search(numeric)]
    stock: Option<u32>,
    #[search(geo)]
    shop: Option<GeoPoint>,
    #[search(vector(flat, l2))]
    image: Option<Vector<2>>,
    #[search(tag)]
    offered: bool,
    note: Option<String>,
}

#[derive(Clone, Debug, PartialEq, HashFields, DocumentPart)]
#[search(of = Product)]
struct Teaser {
    name: String,
    note: Option<String>,
}

#[derive(Clone, Debug, PartialEq, HashFields, DocumentPart)]
#[search(of = Product)]
struct Near {
    name: String,
    #[search(computed)]
    distance: f64,
}

/// Times that are no whole milliseconds of the server's range: 0 there would be no end at all.
const OUTSIDE: [Duration; 4] =
    [Duration::ZERO, Duration::from_micros(999), Duration::from_millis(1 << 31), Duration::MAX];
/// The bounds of that range.
const INSIDE: [Duration; 2] = [Duration::from_millis(1), Duration::from_millis((1 << 31) - 1)];

const PRODUCTS: Index<Product> = Index::new("products", &["product:"]);

fn product(name: &str, tags: &[&str], price: f64) -> Product {
    Product {
        name: name.to_owned(),
        tags: tags.iter().copied().collect(),
        maker: None,
        price,
        stock: None,
        shop: None,
        image: None,
        offered: false,
        note: None,
    }
}

fn products() -> [Product; 4] {
    let red = Product {
        maker: Some("Müller & Söhne, {Co}".to_owned()),
        stock: Some(3),
        shop: Some(GeoPoint::new(13.4, 52.5)),
        image: Some(Vector([1.0, 0.0])),
        offered: true,
        note: Some("not indexed".to_owned()),
        ..product("red running shoe", &["red", "on sale"], 50.0)
    };
    let blue = Product {
        shop: Some(GeoPoint::new(2.35, 48.85)),
        image: Some(Vector([0.0, 1.0])),
        ..product("Blue shoe", &["blue"], 40.5)
    };
    [red, blue, product("hat, with a feather", &["red"], 15.0), product("umbrella", &[], 20.0)]
}

async fn fill(client: &Client) -> Result<()> {
    assert!(client.ft_create(PRODUCTS).await?);
    for (id, product) in products().iter().enumerate() {
        client.hset(Key::<Hash<Product>, _>::named(format!("product:{id}")), product).await?;
    }
    Ok(())
}

/// The prices that a query finds, the lowest first.
async fn found(client: &Client, query: Query<Product>) -> Result<Vec<f64>> {
    let options = SearchOptions::new(query).sortby_asc(Product::FIELDS.price);
    let page = client.ft_search_with(PRODUCTS, options).await?.complete()?;
    Ok(page.documents().map(|product| product.price).collect())
}

#[tokio::test]
async fn a_query_finds_documents_by_their_fields() {
    with_module(Module::Search, async |_, client| {
        fill(client).await?;
        let p = Product::FIELDS;
        let all = [15.0, 20.0, 40.5, 50.0];
        for (query, prices) in [
            (Query::all(), &all[..]),
            (Query::all().weight(2.0), &all),
            (Query::all().weight(2.0) & p.tags.is("blue"), &[40.5]),
            (p.name.contains("shoe"), &[40.5, 50.0]),
            (p.name.contains("the RED shoe!"), &[50.0]),
            (p.name.phrase("running shoe"), &[50.0]),
            (p.name.phrase("shoe running"), &[]),
            (p.name.prefix("red run"), &[50.0]),
            (p.name.fuzzy("shoo", 1), &[40.5, 50.0]),
            (Query::words("feather"), &[15.0]),
            (p.tags.is("on sale"), &[50.0]),
            (p.tags.is(" RED "), &[15.0, 50.0]),
            (p.tags.is_any(["blue", "on sale"]), &[40.5, 50.0]),
            (p.tags.begins_with("on s"), &[50.0]),
            (p.tags.begins_with("on\ts"), &[]),
            (p.maker.is("Müller & Söhne, {Co}"), &[50.0]),
            (p.maker.is("müller & Söhne, {Co}"), &[]),
            (p.offered.is(true), &[50.0]),
            (p.price.equals(40.5), &[40.5]),
            (p.price.between(15.0, 40.5), &all[..3]),
            (p.price.above(15.0) & p.price.below(50.0), &[20.0, 40.5]),
            (p.price.at_least(20.0), &all[1..]),
            (p.price.at_most(f64::INFINITY), &all),
            (p.stock.at_least(1), &[50.0]),
            (p.shop.within(Position::new(13.0, 52.0), Kilometers(100.0)), &[50.0]),
            (p.image.within(0.1, &Vector([0.0, 1.1])), &[40.5]),
            (!p.tags.is("red"), &[20.0, 40.5]),
            (!p.tags.is("red") & (p.price.below(30.0) | p.name.contains("shoe")), &[20.0, 40.5]),
            (p.name.contains("shoe").weight(2.0) & Query::raw("@price:[$low 45]").param("low", 1), &[40.5]),
            (p.image.within(0.1, &Vector([0.0, 1.0])) & Query::raw("@price:[$v0 45]").param("v0", 1), &[40.5]),
            (p.image.within(0.1, &Vector([1.0, 0.0])) | p.image.within(0.1, &Vector([0.0, 1.0])), &[40.5, 50.0]),
        ] {
            assert_eq!(found(client, query.clone()).await?, prices, "{query}");
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn documents_come_whole_or_in_part_with_what_is_asked_for() {
    with_module(Module::Search, async |_, client| {
        fill(client).await?;
        let p = Product::FIELDS;
        let page = client.ft_search(PRODUCTS, p.name.contains("running")).await?.complete()?;
        assert_eq!((page.total, page.found[0].key.as_str()), (1, "product:0"));
        assert_eq!(page.documents().collect::<Vec<_>>(), products()[..1]);

        let red = || SearchOptions::new(p.tags.is("red")).sortby_desc(p.price);
        let page = client.ft_search_with(PRODUCTS, red().returning::<Teaser>()).await?.complete()?;
        let note = Some("not indexed".to_owned());
        let first = Teaser { name: "red running shoe".to_owned(), note };
        assert_eq!(page.found[0].document, Some(first));

        let page = client.ft_search_with(PRODUCTS, red().nocontent().withscores().withsortkeys()).await?.complete()?;
        assert_eq!(page.found.iter().map(|found| found.key.as_str()).collect::<Vec<_>>(), ["product:0", "product:2"]);
        assert!(page.found[0].score > 0.0);
        assert_eq!(page.found[1].sort_key.0.as_deref(), Some("#15"));

        let all = red().withscores().withpayloads().withsortkeys().limit(1, 5);
        let page = client.ft_search_with(PRODUCTS, all).await?.complete()?;
        assert_eq!((page.total, page.found.len()), (2, 1));
        assert_eq!(page.found[0].payload.0, None);
        assert_eq!(page.found[0].document.as_ref(), Some(&products()[2]));

        let page = client.ft_search_with(PRODUCTS, red().nocontent().explainscore()).await?.complete()?;
        assert!(page.found[0].score.score > 0.0);
        let counted = client.ft_search_with(PRODUCTS, red().limit(0, 0)).await?.complete()?;
        assert_eq!((counted.total, counted.found.len()), (2, 0));

        let nearest = Query::all().nearest(1, p.image, &Vector([0.0, 1.0]));
        let options = SearchOptions::new(nearest).sortby_distance().returning::<Near>();
        let page = client.ft_search_with(PRODUCTS, options).await?.complete()?;
        assert_eq!(page.documents().collect::<Vec<_>>(), [Near { name: "Blue shoe".to_owned(), distance: 0.0 }]);
        let nearest = p.price.above(45.0).nearest(5, p.image, &Vector([0.0, 1.0]));
        let page = client.ft_search(PRODUCTS, &nearest).await?.complete()?;
        assert_eq!((page.total, page.found[0].key.as_str()), (1, "product:0"));

        let marked = SearchOptions::new(p.name.contains("hat")).highlight(p.name, "<b>", "</b>");
        let page = client.ft_search_with(PRODUCTS, marked.timeout(Duration::from_secs(5))).await?.complete()?;
        assert_eq!(page.documents().next().unwrap().name, "<b>hat</b>, with a feather");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_document_that_has_expired_is_found_without_its_fields_and_makes_no_row() {
    for protocol in ["?protocol=3", "?protocol=2"] {
        let with_debug = Server::builder().arg("--enable-debug-command", "yes");
        let Some(server) = Module::Search.server_from(with_debug).await else {
            return println!("skipped: no {:?} at hand", Module::Search);
        };
        let client = Client::connect(&format!("{}{protocol}", server.url())).await.unwrap();
        expired(&mut server.raw().await, &client).await.unwrap_or_else(|error| panic!("{protocol}: {error}"));
    }
}

async fn expired(raw: &mut Raw, client: &Client) -> Result<()> {
    fill(client).await?;
    // Without the sweep, the server removes a key only where a command finds it: a look at the key itself would.
    assert_eq!(raw.command(["DEBUG", "SET-ACTIVE-EXPIRE", "0"]).await.text(), "OK");
    client.pexpire("product:3", 1).await?;
    let end = client.time().await? + Duration::from_millis(5);
    while client.time().await? < end {}
    let page = client.ft_search(PRODUCTS, Product::FIELDS.name.contains("umbrella")).await?.complete()?;
    assert_eq!((page.found.len(), &page.found[0].document), (1, &None));
    rows::without_expired(client).await
}

#[tokio::test]
async fn an_index_is_created_once_altered_and_dropped() {
    with_module(Module::Search, async |_, client| {
        fill(client).await?;
        assert!(!client.ft_create(PRODUCTS).await?, "there is one");
        let other = Index::<Product>::named("other", &[]);
        let options = CreateOptions::new().language("german").score(0.5).stopwords(["und"]).skipinitialscan();
        assert!(client.ft_create_with(&other, options).await?);
        let fresh = Index::<Product>::named("fresh", &[]);
        let refused = client.ft_create_with(&fresh, CreateOptions::new().language("none such")).await;
        assert!(matches!(refused, Err(Error::Server { .. })), "{refused:?}");
        let missing = client.ft_search::<Product>("none", Query::all()).await;
        assert!(matches!(missing, Err(Error::Server { .. })), "{missing:?}");
        let doubled = client.ft_alter(&other, Product::FIELDS.price).await;
        assert!(matches!(doubled, Err(Error::Server { .. })), "{doubled:?}");
        assert!(client.ft_dropindex("other").await?);
        assert!(!client.ft_dropindex("other").await?);
        assert_eq!(client.exists("product:0").await?, 1);
        assert!(client.ft_dropindex_dd(PRODUCTS).await?);
        assert_eq!(client.exists("product:0").await?, 0);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_the_server_would_refuse_is_not_sent() {
    with_module(Module::Search, async |_, client| {
        client.ft_create(PRODUCTS).await?;
        let p = Product::FIELDS;
        for query in [
            p.name.contains(""),
            p.name.contains(" .,! "),
            p.name.fuzzy("shoe", 4),
            p.tags.is(" "),
            p.tags.is("a\0b"),
            p.tags.is_any([""; 0]),
            p.tags.is("red, on sale"),
            p.maker.is("a;b"),
            p.maker.begins_with("a;"),
            p.price.at_most(f64::NAN),
            p.shop.within(Position::new(200.0, 0.0), Kilometers(1.0)),
            p.shop.within(Position::new(0.0, 0.0), Kilometers(-1.0)),
            p.image.within(f64::NAN, &Vector([0.0, 0.0])),
            p.offered.is(true) & (p.name.contains("a") | p.name.contains("")),
            !Query::all(),
            (Query::all() | p.name.contains("")) & p.offered.is(true),
            p.offered.is(true) & (p.name.contains("") | Query::all()),
            Query::all().weight(f64::NAN),
            Query::all().weight(-1.0) & p.offered.is(true),
            p.tags.begins_with("a\u{1}"),
            p.tags.begins_with("\u{7f}"),
        ] {
            let refused = client.ft_search(PRODUCTS, &query).await;
            assert!(matches!(refused, Err(Error::Argument { .. })), "{query}: {refused:?}");
        }
        for options in [
            SearchOptions::new(Query::all()).limit(0, 1_000_001),
            SearchOptions::new(Query::all()).inkeys([""; 0]),
            SearchOptions::new(Query::all()).summarize(p.name, 0, 1),
            SearchOptions::new(Query::all().nearest(0, p.image, &Vector([0.0, 0.0]))),
            SearchOptions::new((Query::all() | p.name.contains("")).nearest(1, p.image, &Vector([0.0, 0.0]))),
        ] {
            let refused = client.ft_search_with(PRODUCTS, options.clone()).await;
            assert!(matches!(refused, Err(Error::Argument { .. })), "{options:?}: {refused:?}");
        }
        for time in OUTSIDE {
            let refused = client.ft_search_with(PRODUCTS, SearchOptions::new(Query::all()).timeout(time)).await;
            assert!(matches!(refused, Err(Error::Argument { .. })), "{time:?}: {refused:?}");
        }
        client.ft_search_with(PRODUCTS, SearchOptions::new(Query::all()).timeout(INSIDE[1])).await?.complete()?;
        let passing = Index::<Product>::new("passing", &["none:"]);
        for time in [Duration::from_millis(999), Duration::from_secs(1 << 32)] {
            let refused = client.ft_create_with(&passing, CreateOptions::new().temporary(time)).await;
            assert!(matches!(refused, Err(Error::Argument { .. })), "{time:?}: {refused:?}");
        }
        assert!(client.ft_create_with(&passing, CreateOptions::new().temporary(Duration::from_secs(60))).await?);
        assert!(client.ft_list().await?.contains(&"passing".to_owned()));
        let comma = client.hset("product:9", &product("x", &["a,b"], 1.0)).await;
        assert!(matches!(comma, Err(Error::Argument { .. })), "{comma:?}");
        Ok(())
    })
    .await;
}

/// Words that mean something in the language of queries.
const KEYWORDS: [&str; 18] = [
    "ismissing",
    "isMissing",
    "inf",
    "nan",
    "knn",
    "vector_range",
    "weight",
    "slop",
    "inorder",
    "phonetic",
    "true",
    "null",
    "intersects",
    "disjoint",
    "within",
    "contains",
    "attribute",
    "1e5",
];

/// Asserts that the server takes the text in every form of a query of words.
async fn is_taken(client: &Client, text: &str) {
    let name = Product::FIELDS.name;
    for query in [name.contains(text), name.phrase(text), name.prefix(text), name.fuzzy(text, 1), Query::words(text)] {
        match found(client, query.clone()).await {
            Ok(_) | Err(Error::Argument { .. }) => {}
            Err(error) => panic!("{text:?} as `{query}`: {error}"),
        }
    }
}

/// Whatever text a user types is a query that the server takes, and a tag is found by itself.
#[tokio::test]
async fn no_text_of_a_user_is_read_as_a_query() {
    with_module(Module::Search, async |_, client| {
        client.ft_create(PRODUCTS).await?;
        let p = Product::FIELDS;
        let letters: Vec<char> =
            (1..127).map(char::from).chain(['ü', 'ß', '日']).filter(|letter| *letter != ';').collect();
        for round in 0..1000 {
            let text: String = (0..6).map(|_| letters[fastrand::usize(..letters.len())]).collect();
            let maker = format!("m{text}n");
            let price = f64::from(round);
            client.hset("product:x", &Product { maker: Some(maker.clone()), ..product(&text, &[], price) }).await?;
            assert_eq!(found(client, p.maker.is(&maker)).await?, [price], "{maker:?}");
            is_taken(client, &text).await;
        }
        for keyword in KEYWORDS {
            for text in [keyword, &keyword.to_uppercase(), &format!("red {keyword} hat"), &format!("({keyword}) hat")] {
                client.hset("product:x", &product(text, &[], 1.0)).await?;
                assert_eq!(found(client, Query::words(text)).await?, [1.0], "{text}");
                assert_eq!(found(client, p.name.contains(text)).await?, [1.0], "{text}");
                is_taken(client, text).await;
                client.ft_spellcheck(PRODUCTS, text).await?;
            }
        }
        Ok(())
    })
    .await;
}
