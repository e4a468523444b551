//! Aggregations, and the other rows of the module.

use super::{INSIDE, OUTSIDE, PRODUCTS, Product, fill, product};
use crate::support::rows::{assert_all_of_module_ran, with_module};
use std::time::Duration;
use typedis::{
    Client, Error, HashFields, Key, Result, Value,
    commands::search::{
        Aggregation, Index, ProfileDetail, Query, Reducer, SearchDocument, SearchOptions, SearchRow, SpellcheckOptions,
        SugaddOptions, SuggetOptions,
    },
    hlist_pat,
    key::{KeyType, Suggestions},
    prelude::*,
};
use typedis_testing::{Fake, Module};

#[derive(Debug, PartialEq, SearchRow)]
struct Facet {
    tags: Option<String>,
    count: u64,
    cheapest: f64,
    names: Vec<String>,
    dearest: Option<String>,
    #[typedis(rename = "double")]
    doubled: Option<f64>,
}

/// What the derive generates hides no type of a likely name.
type MakerColumns = Option<String>;

#[derive(Debug, PartialEq, SearchRow)]
struct Maker {
    #[typedis(rename = "maker-name")]
    maker: MakerColumns,
}

#[derive(Debug, PartialEq, SearchRow)]
struct Listed {
    name: String,
    price: f64,
    note: Option<String>,
}

#[tokio::test]
async fn an_aggregation_computes_typed_rows() {
    with_module(Module::Search, async |_, client| {
        fill(client).await?;
        let (p, f) = (Product::FIELDS, Facet::COLUMNS);
        let facets = Aggregation::<Product, Facet>::new(Query::all())
            .groupby(p.tags)
            .reduce(Reducer::count(), f.count)
            .reduce(Reducer::min(p.price), f.cheapest)
            .reduce(Reducer::tolist(p.name), f.names)
            .reduce(Reducer::first_value_desc(p.name, p.price), f.dearest)
            .apply("@cheapest * 2", f.doubled)
            .filter("@cheapest > 14")
            .sortby_asc(f.cheapest)
            .sortby_desc(f.count)
            .limit(0, 3);
        let rows = client.ft_aggregate(PRODUCTS, facets.clone()).await?.complete()?;
        let tags: Vec<_> = rows.iter().map(|row| (row.tags.as_deref(), row.count, row.doubled)).collect();
        assert_eq!(tags, [(Some("red"), 1, Some(30.0)), (Some(""), 1, Some(40.0)), (Some("blue"), 1, Some(81.0))]);
        assert_eq!(
            (&*rows[0].names, rows[0].dearest.as_deref()),
            (&["hat, with a feather".to_owned()][..], Some("hat, with a feather"))
        );

        let makers = Aggregation::<Product, Maker>::new(Query::all()).groupby(p.maker).sortby_asc(p.maker);
        let rows = client.ft_aggregate(PRODUCTS, makers).await?.complete()?;
        let mut makers: Vec<_> = rows.iter().map(|row| row.maker.as_deref()).collect();
        makers.sort();
        assert_eq!(
            makers,
            [None, Some("Müller & Söhne, {Co}")],
            "documents without the field are of a group of their own"
        );

        let all = Aggregation::<Product, Facet>::new(p.price.below(45.0))
            .groupby_nothing()
            .reduce(Reducer::count_distinct(p.name), f.count)
            .reduce(Reducer::quantile(p.price, 0.5), f.cheapest)
            .reduce(Reducer::random_sample(p.name, 9), f.names);
        let rows = client.ft_aggregate(PRODUCTS, all).await?.complete()?;
        assert_eq!((rows.len(), rows[0].count, rows[0].names.len()), (1, 3, 3));

        let listed = || Aggregation::<Product, Listed>::new(Query::all()).load_row().sortby_desc(p.price);
        let rows = client.ft_aggregate(PRODUCTS, listed()).await?.complete()?;
        assert_eq!(rows.iter().map(|row| row.price).collect::<Vec<_>>(), [50.0, 40.5, 20.0, 15.0]);
        assert_eq!(rows[0].note.as_deref(), Some("not indexed"));
        let profiled = client.ft_profile_aggregate(PRODUCTS, listed(), ProfileDetail::Full).await?;
        assert_eq!(profiled.results.complete()?.len(), 4);
        let wrong = client.ft_aggregate(PRODUCTS, Aggregation::<Product, Listed>::new(Query::all())).await;
        assert!(matches!(wrong, Err(Error::Reply { .. })), "{wrong:?}");
        let none = Aggregation::<Product, Facet>::new(Query::all())
            .groupby(p.tags)
            .reduce(Reducer::quantile(p.price, 2.0), f.cheapest);
        assert!(matches!(client.ft_aggregate(PRODUCTS, none).await, Err(Error::Argument { .. })));
        cursors(client, listed()).await
    })
    .await;
}

async fn cursors(client: &Client, listed: Aggregation<Product, Listed>) -> Result<()> {
    let idle = Some(Duration::from_secs(60));
    let mut page = client.ft_aggregate_withcursor(PRODUCTS, listed.clone(), 3, idle).await?;
    let mut names = Vec::new();
    loop {
        names.extend(page.rows.complete()?.into_iter().map(|row| row.name));
        let Some(cursor) = page.cursor else { break };
        page = client.ft_cursor_read(PRODUCTS, cursor, 3).await?;
    }
    assert_eq!(names.len(), 4);

    let page = client.ft_aggregate_withcursor(PRODUCTS, listed.clone(), 1, None).await?;
    let cursor = page.cursor.expect("more rows");
    client.ft_cursor_del(PRODUCTS, cursor).await?;
    let gone = client.ft_cursor_read(PRODUCTS, cursor, 1).await;
    assert!(matches!(gone, Err(Error::Server { .. })), "{gone:?}");
    let refused = client.ft_aggregate_withcursor(PRODUCTS, listed.clone(), 0, None).await;
    assert!(matches!(refused, Err(Error::Argument { .. })), "{refused:?}");
    for time in OUTSIDE {
        let refused = client.ft_aggregate_withcursor(PRODUCTS, listed.clone(), 1, Some(time)).await;
        assert!(matches!(refused, Err(Error::Argument { .. })), "{time:?}: {refused:?}");
        let refused = client.ft_aggregate(PRODUCTS, listed.clone().timeout(time)).await;
        assert!(matches!(refused, Err(Error::Argument { .. })), "{time:?}: {refused:?}");
    }
    let [shortest, longest] = INSIDE;
    assert_eq!(client.ft_aggregate(PRODUCTS, listed.clone().timeout(longest)).await?.complete()?.len(), 4);
    let page = client.ft_aggregate_withcursor(PRODUCTS, listed.clone(), 1, Some(longest)).await?;
    client.ft_cursor_del(PRODUCTS, page.cursor.expect("more rows")).await?;
    client.ft_aggregate_withcursor(PRODUCTS, listed, 1, Some(shortest)).await?;
    Ok(())
}

#[tokio::test]
async fn an_order_keeps_all_rows_but_for_a_limit() {
    with_module(Module::Search, async |_, client| {
        client.ft_create(PRODUCTS).await?;
        for number in 0..25 {
            let price = f64::from(number);
            client.hset(format!("product:{number}"), &product(&format!("n{number}"), &[], price)).await?;
        }
        let (p, f) = (Product::FIELDS, Facet::COLUMNS);
        let listed = || Aggregation::<Product, Listed>::new(Query::all()).load_row();
        let by_price = || listed().sortby_desc(p.price);
        let all: Vec<_> = (0..25).rev().map(f64::from).collect();
        for (aggregation, prices) in [
            (by_price(), &all[..]),
            (by_price().filter("@price < 20"), &all[5..]),
            (by_price().limit(0, 12), &all[..12]),
            (by_price().limit(3, 2), &all[3..5]),
            (listed().limit(0, 12).sortby_desc(p.price), &all[..12]),
        ] {
            let rows = client.ft_aggregate(PRODUCTS, aggregation.clone()).await?.complete()?;
            assert_eq!(rows.iter().map(|row| row.price).collect::<Vec<_>>(), prices, "{aggregation:?}");
        }
        let facets = Aggregation::<Product, Facet>::new(Query::all())
            .groupby(p.name)
            .reduce(Reducer::min(p.price), f.cheapest)
            .reduce(Reducer::count(), f.count)
            .reduce(Reducer::tolist(p.name), f.names)
            .sortby_asc(f.cheapest);
        assert_eq!(client.ft_aggregate(PRODUCTS, facets).await?.complete()?.len(), 25);
        let mut page = client.ft_aggregate_withcursor(PRODUCTS, by_price(), 10, None).await?;
        let mut prices = Vec::new();
        loop {
            prices.extend(page.rows.complete()?.into_iter().map(|row| row.price));
            let Some(cursor) = page.cursor else { break };
            page = client.ft_cursor_read(PRODUCTS, cursor, 10).await?;
        }
        assert_eq!(prices, all);
        Ok(())
    })
    .await;
}

/// Reads rows of documents of which one, the umbrella, has expired.
pub(super) async fn without_expired(client: &Client) -> Result<()> {
    let listed = || Aggregation::<Product, Listed>::new(Query::all()).load_row();
    let rows = client.ft_aggregate(PRODUCTS, listed()).await?.complete()?;
    let mut prices: Vec<_> = rows.iter().map(|row| row.price).collect();
    prices.sort_by(f64::total_cmp);
    assert_eq!(prices, [15.0, 40.5, 50.0]);
    let mut page = client.ft_aggregate_withcursor(PRODUCTS, listed(), 1, None).await?;
    let mut count = 0;
    loop {
        count += page.rows.complete()?.len();
        let Some(cursor) = page.cursor else { break };
        page = client.ft_cursor_read(PRODUCTS, cursor, 1).await?;
    }
    assert_eq!(count, 3);
    Ok(())
}

#[tokio::test]
async fn every_other_row_answers_as_declared() {
    with_module(Module::Search, async |server, client| {
        fill(client).await?;
        let p = Product::FIELDS;
        let red = || SearchOptions::new(p.tags.is("red"));
        for detail in [ProfileDetail::Full, ProfileDetail::Limited] {
            let profiled = client.ft_profile_search(PRODUCTS, red().withscores(), detail).await?;
            assert_eq!(profiled.results.complete()?.total, 2);
            assert_ne!(profiled.profile, Value::Null);
        }
        let plan = client.ft_explain(PRODUCTS, p.price.below(3.0) & p.tags.is("a\u{1}b")).await?;
        assert!(plan.contains("NUMERIC"), "{plan}");
        assert!(client.ft_explaincli(PRODUCTS, Query::all()).await?[0].contains("WILDCARD"));
        assert_eq!(client.ft_list().await?, ["products"]);
        let mut tags = client.ft_tagvals(PRODUCTS, p.tags).await?;
        tags.sort();
        assert_eq!(tags, ["blue", "on sale", "red"]);

        let info = client.ft_info(PRODUCTS).await?;
        assert_eq!((info.name.as_str(), info.documents, info.indexing, info.failures), ("products", 4, false, 0));
        assert_eq!((&*info.definition.prefixes, &*info.definition.key_type), (&["product:".to_owned()][..], "HASH"));
        let price = info.attributes.iter().find(|field| field.attribute == "price").unwrap();
        assert_eq!((&*price.kind, price.flags.contains(&"SORTABLE".to_owned())), ("NUMERIC", true));
        let kinds: Vec<_> = info.attributes.iter().map(|field| &*field.kind).collect();
        assert_eq!(kinds, ["TEXT", "TAG", "TAG", "NUMERIC", "NUMERIC", "GEO", "VECTOR", "TAG"]);
        client.hset("product:7", [("name", "x"), ("price", "no number")]).await?;
        assert_eq!(client.ft_info("products").await?.failures, 1);
        assert!(matches!(client.ft_info("none").await, Err(Error::Server { .. })));

        words(client).await?;
        suggestions(client).await?;
        client.ft_aliasadd("shop", PRODUCTS).await?;
        client.ft_aliasupdate("shop", PRODUCTS).await?;
        let shop = Index::<Product>::named("shop", &[]);
        assert_eq!(client.ft_search_with(&shop, red().nocontent()).await?.complete()?.total, 2);
        client.ft_aliasdel("shop").await?;
        assert!(matches!(client.ft_aliasdel("shop").await, Err(Error::Server { .. })));

        client.ft_config_set("TIMEOUT", 600).await?;
        assert_eq!(client.ft_config_get("TIMEOUT").await?["TIMEOUT"].as_deref(), Some("600"));
        assert_eq!(client.ft_config_get("*").await?.get("EXTLOAD"), Some(&None));
        let listed = Aggregation::<Product, Listed>::new(p.offered.is(true)).load_row();
        let page = client.ft_aggregate_withcursor(PRODUCTS, listed, 1, None).await?;
        client.ft_cursor_del(PRODUCTS, page.cursor.unwrap()).await?;
        let queued = client.pipeline().ft_create(PRODUCTS).ft_search(PRODUCTS, p.offered.is(true)).execute().await?;
        let hlist_pat![created, found] = queued;
        assert_eq!((created, found.complete()?.total), (false, 1));
        assert!(client.ft_dropindex(PRODUCTS).await?);
        let small = Index::<Small>::new("products", &["product:"]);
        assert!(client.ft_create(&small).await?);
        client.ft_alter(&small, Small::FIELDS.price).await.unwrap_err();
        client.ft_alter(PRODUCTS, p.tags).await?;
        assert_all_of_module_ran(server, "search").await;
        Ok(())
    })
    .await;
}

type SmallFields = f64;

/// What a first version of the program knew of a product.
#[derive(HashFields, SearchDocument)]
struct Small {
    #[search(numeric)]
    price: SmallFields,
}

async fn words(client: &Client) -> Result<()> {
    assert_eq!(client.ft_dictadd("extra", ["shop", "shoo"]).await?, 2);
    assert_eq!(client.ft_dictdel("extra", ["shoo", "none"]).await?, 1);
    assert_eq!(client.ft_dictdump("extra").await?, ["shop"]);
    assert!(matches!(client.ft_dictdump("none").await, Err(Error::Server { .. })));
    let found = client.ft_spellcheck(PRODUCTS, "shoo (zzzzzz) hat").await?;
    assert_eq!((found[0].term.as_str(), found[0].suggestions[0].0.as_str()), ("shoo", "shoe"));
    assert_eq!((found.len(), found[1].suggestions.len()), (2, 0));
    let both = SpellcheckOptions::new().distance(2).include("extra");
    let found = client.ft_spellcheck_with(PRODUCTS, "shoo", both.clone()).await?;
    assert!(found[0].suggestions.iter().any(|(word, _)| word == "shop"), "{found:?}");
    // A word of an excluded dictionary is none that is spelled wrong.
    let found = client.ft_spellcheck_with(PRODUCTS, "shop", SpellcheckOptions::new()).await?;
    assert_eq!(found[0].term, "shop");
    assert_eq!(client.ft_spellcheck_with(PRODUCTS, "shop", SpellcheckOptions::new().exclude("extra")).await?, []);
    let refused = client.ft_spellcheck_with(PRODUCTS, "a", SpellcheckOptions::new().distance(5)).await;
    assert!(matches!(refused, Err(Error::Argument { .. })), "{refused:?}");

    client.ft_synupdate(PRODUCTS, "wear", ["hat", "cap"]).await?;
    client.ft_synupdate_skipinitialscan(PRODUCTS, "late", ["cap"]).await?;
    let groups = client.ft_syndump(PRODUCTS).await?;
    assert_eq!((&*groups["hat"], groups["cap"].len()), (&["wear".to_owned()][..], 2));
    Ok(())
}

async fn suggestions(client: &Client) -> Result<()> {
    const TYPED: Key<Suggestions> = Key::new("typed");
    assert_eq!(client.ft_sugget(TYPED, "re").await?, []);
    assert_eq!(client.ft_sugadd(TYPED, "red shoe", 1.0).await?, 1);
    assert_eq!(client.ft_sugadd_with(TYPED, "red hat", 2.0, SugaddOptions::new().incr().payload("7")).await?, 2);
    let texts: Vec<_> = client.ft_sugget(TYPED, "re").await?.into_iter().map(|found| found.text).collect();
    assert_eq!(texts, ["red hat", "red shoe"]);
    let options = SuggetOptions::new().fuzzy().max(1).withscores().withpayloads();
    let found = client.ft_sugget_with(TYPED, "re", options).await?;
    assert_eq!((found.len(), found[0].payload.0.as_deref()), (1, Some(&b"7"[..])));
    assert!(found[0].score > 0.0);
    let refused = client.ft_sugget_with(TYPED, "re", SuggetOptions::new().max(0)).await;
    assert!(matches!(refused, Err(Error::Argument { .. })), "{refused:?}");
    assert_eq!((client.ft_sugdel(TYPED, "red hat").await?, client.ft_sugdel(TYPED, "red hat").await?), (true, false));
    assert_eq!(client.ft_suglen(TYPED).await?, 1);
    assert_eq!(client.type_of(TYPED).await?, Some(KeyType::Suggestions));
    client.set("text", "x").await?;
    assert!(matches!(client.ft_suglen("text").await, Err(Error::Server { .. })));
    Ok(())
}

/// A server that runs out of time tells it in RESP3.
#[tokio::test]
async fn partial_results_are_not_taken_for_all() {
    let fake = Fake::commands(|command| {
        let warning = "$7\r\nwarning\r\n*1\r\n+Timeout limit was reached\r\n";
        match command[0].as_str() {
            "HELLO" => b"%3\r\n+server\r\n+redis\r\n+version\r\n+8.2.3\r\n+proto\r\n:3\r\n".to_vec(),
            "PING" => b"+PONG\r\n".to_vec(),
            "FT.SEARCH" => {
                let results = "+results\r\n*1\r\n%2\r\n+id\r\n$1\r\na\r\n+extra_attributes\r\n_\r\n";
                format!("%4\r\n+total_results\r\n:9\r\n{results}+unknown\r\n*0\r\n{warning}").into_bytes()
            }
            "FT.AGGREGATE" => {
                let results = "+results\r\n*1\r\n%1\r\n+extra_attributes\r\n%0\r\n";
                format!("%2\r\n{results}{warning}").into_bytes()
            }
            _ => b"+OK\r\n".to_vec(),
        }
    })
    .await;
    let client = Client::connect(&fake.url()).await.unwrap();
    let reply = client.ft_search(PRODUCTS, Query::all()).await.unwrap();
    assert_eq!(reply.warnings(), ["Timeout limit was reached"]);
    assert!(matches!(reply.clone().complete(), Err(Error::PartialResults { .. })), "{reply:?}");
    let page = reply.even_partial();
    assert_eq!((page.total, page.found.len(), &page.found[0].document), (9, 1, &None));
    let rows = client.ft_aggregate(PRODUCTS, Aggregation::<Product, Listed>::new(Query::all())).await.unwrap();
    assert!(rows.even_partial().is_empty(), "the empty row is no row");
}
