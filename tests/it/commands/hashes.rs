//! The commands on hashes, each run against a real server.

use super::field_expiry;
use crate::support::rows::{assert_all_ran, in_both_protocols, supports};
use std::collections::{BTreeMap, HashMap, HashSet};
use typedis::{
    Client, Error, Key, Result, command::Command, commands::types::HscanNovalues, hlist_pat, key::Hash,
    options::ScanOptions, prelude::*,
};
use typedis_testing::Server;

#[tokio::test]
async fn every_row_answers_as_declared() {
    in_both_protocols(async |server, client| {
        fields(client).await?;
        whole(client).await?;
        counters(client).await?;
        random_fields(client).await?;
        pages(client).await?;
        pages_of_names(server, client).await?;
        field_expiry::rows(server, client).await?;
        assert_all_ran(server, "hash").await;
        Ok(())
    })
    .await;
}

async fn fields(client: &Client) -> Result<()> {
    assert_eq!(client.hset("user", [("name", "Ada"), ("city", "London")]).await?, 2);
    assert_eq!(client.hset("user", ("city", "Paris")).await?, 0);
    assert_eq!(client.hget::<String>("user", "city").await?.as_deref(), Some("Paris"));
    assert_eq!(client.hget::<String>("user", "nothing").await?, None);
    assert_eq!(client.hget::<String>("nobody", "city").await?, None);

    assert!(client.hsetnx("user", "born", 1815).await?);
    assert!(!client.hsetnx("user", "born", 1900).await?);
    assert_eq!(client.hget::<u16>("user", "born").await?, Some(1815));

    let some = client.hmget::<String>("user", ["born", "nothing", "name"]).await?;
    assert_eq!(some, [Some("1815".into()), None, Some("Ada".into())]);
    assert_eq!(client.hmget::<String>("nobody", "name").await?, [None]);

    assert!(client.hexists("user", "name").await?);
    assert!(!client.hexists("user", "nothing").await?);
    assert_eq!(client.hstrlen("user", "name").await?, 3);
    assert_eq!(client.hstrlen("user", "nothing").await?, 0);

    assert_eq!(client.hlen("user").await?, 3);
    assert_eq!(client.hdel("user", ["name", "nothing", "born"]).await?, 2);
    assert_eq!(client.hdel("user", "city").await?, 1);
    assert_eq!(client.hlen("user").await?, 0);
    assert_eq!(client.del("user").await?, 0, "a hash without fields is gone");
    Ok(())
}

async fn whole(client: &Client) -> Result<()> {
    client.hmset("stock", [("pears", 3), ("plums", 5)]).await?;
    client.hmset("stock", BTreeMap::from([("plums", 7)])).await?;

    let map: HashMap<String, i64> = client.hgetall("stock").await?;
    assert_eq!(map, HashMap::from([("pears".into(), 3), ("plums".into(), 7)]));
    let mut pairs = client.hgetall::<Vec<(String, String)>>("stock").await?;
    pairs.sort();
    assert_eq!(pairs, [("pears".into(), "3".into()), ("plums".into(), "7".into())]);
    assert!(client.hgetall::<BTreeMap<String, i64>>("nothing").await?.is_empty());

    let mut names = client.hkeys::<String>("stock").await?;
    names.sort();
    assert_eq!(names, ["pears", "plums"]);
    assert!(client.hkeys::<String>("nothing").await?.is_empty());

    let mut values = client.hvals::<i64>("stock").await?;
    values.sort();
    assert_eq!(values, [3, 7]);
    assert!(client.hvals::<i64>("nothing").await?.is_empty());
    Ok(())
}

async fn counters(client: &Client) -> Result<()> {
    assert_eq!(client.hincrby("scores", "ada", 5).await?, 5);
    assert_eq!(client.hincrby("scores", "ada", -7).await?, -2);
    assert_eq!(client.hincrbyfloat("scores", "ada", 0.5).await?, -1.5);
    assert_eq!(client.hincrbyfloat("scores", "bob", 1e3).await?, 1000.0);
    Ok(())
}

async fn random_fields(client: &Client) -> Result<()> {
    client.hset("dice", [("one", 1), ("two", 2)]).await?;

    let name = client.hrandfield::<String>("dice").await?.unwrap();
    assert!(["one", "two"].contains(&name.as_str()));
    assert_eq!(client.hrandfield::<String>("nothing").await?, None);

    let names = client.hrandfield_count::<String>("dice", 10).await?;
    assert_eq!(HashSet::from_iter(names), HashSet::from(["one".to_owned(), "two".to_owned()]));
    assert_eq!(client.hrandfield_count::<String>("dice", -10).await?.len(), 10);
    assert!(client.hrandfield_count::<String>("nothing", 3).await?.is_empty());

    let mut pairs = client.hrandfield_withvalues::<String, i64>("dice", 2).await?;
    pairs.sort();
    assert_eq!(pairs, [("one".into(), 1), ("two".into(), 2)]);
    let throws = client.hrandfield_withvalues::<String, i64>("dice", -5).await?;
    assert!(throws.len() == 5 && throws.iter().all(|(name, value)| (name == "one") == (*value == 1)));
    assert!(client.hrandfield_withvalues::<String, i64>("nothing", 3).await?.is_empty());
    Ok(())
}

async fn pages(client: &Client) -> Result<()> {
    client.hset("small", [("a:1", 1), ("b:2", 2)]).await?;
    let (cursor, mut page) = client.hscan::<String, i64>("small", 0).await?;
    page.sort();
    assert_eq!((cursor, page), (0, vec![("a:1".into(), 1), ("b:2".into(), 2)]));
    assert_eq!(client.hscan::<String, i64>("nothing", 0).await?, (0, vec![]));

    let of_b = client.hscan_with::<String, i64>("small", 0, ScanOptions::new().matching("b:*")).await?;
    assert_eq!(of_b, (0, vec![("b:2".into(), 2)]));

    // Enough fields for several pages of the scan.
    client.hset("large", (0..2_000).map(|number| (number, number)).collect::<Vec<_>>()).await?;
    let options = ScanOptions::new().matching("19*").count(100);
    let (mut found, mut cursor, mut pages) = (HashMap::new(), 0, 0);
    loop {
        let (next, page) = client.hscan_with::<u64, u64>("large", cursor, options).await?;
        found.extend(page);
        pages += 1;
        cursor = next;
        if cursor == 0 {
            break;
        }
    }
    assert!(pages > 1);
    assert_eq!(found.len(), 1 + 10 + 100);
    assert!(found.iter().all(|(field, value)| field == value && field.to_string().starts_with("19")));
    Ok(())
}

async fn pages_of_names(server: &Server, client: &Client) -> Result<()> {
    if supports(server, HscanNovalues::<String>::INFO.since) {
        client.hset("names", [("a:1", 1), ("b:2", 2)]).await?;
        let (cursor, mut page) = client.hscan_novalues::<String>("names", 0).await?;
        page.sort();
        assert_eq!((cursor, page), (0, vec!["a:1".into(), "b:2".into()]));
        let of_b = ScanOptions::new().matching("b:*").count(5);
        assert_eq!(client.hscan_novalues_with::<String>("names", 0, of_b).await?, (0, vec!["b:2".into()]));
        assert_eq!(client.hscan_novalues::<String>("nothing", 0).await?, (0, vec![]));
    }
    Ok(())
}

const STOCK: Key<Hash<HashMap<String, i64>>> = Key::new("stock");

#[tokio::test]
async fn a_typed_key_says_what_fields_and_values_are() {
    in_both_protocols(async |_, client| {
        client.hset(STOCK, [("pears", 3), ("plums", 5)]).await?;
        client.hsetnx(STOCK, "figs", 8).await?;
        client.hmset(STOCK, HashMap::from([("figs", 9)])).await?;
        client.hincrby(STOCK, "figs", 1).await?;

        let whole = client.hgetall(STOCK).await?;
        assert_eq!(whole["figs"] + whole["pears"], 13);
        assert_eq!(client.hget(STOCK, "plums").await?.unwrap_or(0) + 1, 6);
        assert_eq!(client.hmget(STOCK, ["pears", "plums"]).await?.into_iter().flatten().sum::<i64>(), 8);
        assert_eq!(client.hvals(STOCK).await?.iter().max(), Some(&10));
        assert!(client.hkeys(STOCK).await?.iter().any(|name| name.starts_with("fig")));
        assert!(client.hrandfield(STOCK).await?.is_some_and(|name| name.ends_with('s')));
        let two = client.hrandfield_count(STOCK, 2).await?;
        assert!(two.len() == 2 && two.iter().all(|name| whole.contains_key(name)));
        let (name, number) = client.hrandfield_withvalues(STOCK, 1).await?.remove(0);
        assert_eq!(whole[&name], number);
        let (_, page) = client.hscan(STOCK, 0).await?;
        assert_eq!(page.into_iter().collect::<HashMap<_, _>>(), whole);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_transaction_answers_each_command_on_hashes_in_its_own_type() {
    in_both_protocols(async |_, client| {
        let hlist_pat![new, visits, user, names] = client
            .pipeline()
            .hset("user", ("name", "Ada"))
            .hincrby("user", "visits", 1)
            .hgetall::<BTreeMap<String, String>>("user")
            .hmget::<String>("user", ("name", "nothing"))
            .execute()
            .await?;
        assert_eq!((new, visits), (1, 1));
        assert_eq!(
            user.into_iter().collect::<Vec<_>>(),
            [("name".into(), "Ada".into()), ("visits".into(), "1".into())]
        );
        assert_eq!(names, [Some("Ada".to_owned()), None]);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn fields_and_values_may_be_any_bytes() {
    in_both_protocols(async |_, client| {
        let (field, value) = (b"\r\n$-1\xff", b"\0\xfe*3\r\n");
        client.hset("raw", (field, value)).await?;
        assert_eq!(client.hget::<Vec<u8>>("raw", field).await?.as_deref(), Some(&value[..]));
        assert_eq!(client.hgetall::<Vec<(Vec<u8>, Vec<u8>)>>("raw").await?, [(field.to_vec(), value.to_vec())]);
        let text = client.hget::<String>("raw", field).await;
        assert!(matches!(&text, Err(Error::Reply { at, .. }) if at.name == "HGET"), "{text:?}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_the_server_refuses_is_an_error_of_that_command() {
    in_both_protocols(async |_, client| {
        client.set("text", "text").await?;
        let wrong_kind = client.hget::<String>("text", "field").await;
        assert!(matches!(&wrong_kind, Err(Error::Server { at, .. }) if at.name == "HGET"), "{wrong_kind:?}");

        client.hset("user", ("name", "Ada")).await?;
        let no_number = client.hincrby("user", "name", 1).await;
        assert!(matches!(&no_number, Err(Error::Server { at, .. }) if at.name == "HINCRBY"), "{no_number:?}");
        let no_number = client.hincrbyfloat("user", "visits", f64::INFINITY).await;
        assert!(matches!(&no_number, Err(Error::Server { at, .. }) if at.name == "HINCRBYFLOAT"), "{no_number:?}");
        let no_elements = client.hscan_with::<String, String>("user", 0, ScanOptions::new().count(0)).await;
        assert!(matches!(&no_elements, Err(Error::Server { at, .. }) if at.name == "HSCAN"), "{no_elements:?}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn no_fields_at_all_are_refused_before_anything_is_sent() {
    in_both_protocols(async |_, client| {
        let none: [(&str, i64); 0] = [];
        let stored = client.hset("user", none).await;
        assert!(matches!(&stored, Err(Error::Argument { at, .. }) if at.name == "HSET"), "{stored:?}");
        let removed = client.hdel("user", Vec::<String>::new()).await;
        assert!(matches!(&removed, Err(Error::Argument { at, .. }) if at.name == "HDEL"), "{removed:?}");
        Ok(())
    })
    .await;
}
