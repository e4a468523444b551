//! The commands of the module `ReJSON`, each run against a real server with the module, where it is at hand.

use crate::support::rows::{assert_all_of_module_ran, with_module};
use typedis::{
    Client, Error, Key, Result, Value,
    commands::{
        Ttl,
        json::{ArrayIndex, JsonFormat, JsonType, Path, RawJson, SetIf},
    },
    hlist_pat,
    key::{Json, KeyType},
    prelude::*,
};
use typedis_testing::Module;

#[derive(serde::Serialize, serde::Deserialize, Clone, Debug, PartialEq)]
struct Cart {
    owner: String,
    items: Vec<i64>,
    total: f64,
    gift: bool,
}

const CART: Key<Json<Cart>> = Key::new("cart");

fn cart() -> Cart {
    Cart { owner: "Ada \"A\"".to_owned(), items: vec![1, 2, 3], total: 1.5, gift: true }
}

#[tokio::test]
async fn every_row_answers_as_declared() {
    with_module(Module::Json, async |server, client| {
        documents(client).await?;
        conditions(client).await?;
        paths(client).await?;
        numbers(client).await?;
        arrays(client).await?;
        objects_and_texts(client).await?;
        merged(client).await?;
        several(client).await?;
        removed(client).await?;
        assert_all_of_module_ran(server, "ReJSON").await;
        Ok(())
    })
    .await;
}

async fn documents(client: &Client) -> Result<()> {
    assert_eq!(client.json_get(CART).await?, None);
    client.json_set(CART, &cart()).await?;
    assert_eq!(client.json_get(CART).await?, Some(cart()));
    client.expire(CART, 600).await?;
    client.json_set(CART, cart()).await?;
    assert_ne!(client.ttl(CART).await?, Ttl::NoExpiry, "JSON.SET keeps the time to live");

    let text = client.json_get::<RawJson>("cart").await?.unwrap();
    assert!(text.as_str().starts_with('{'), "{text}");
    client.json_set("raw", RawJson::new("[1, {\"a\": \"]\"}]")).await?;
    assert_eq!(client.json_get_path::<RawJson>("raw", "$[*]").await?.unwrap()[1].as_str(), "{\"a\":\"]\"}");
    let refused = client.json_set("raw", RawJson::new("[1")).await;
    assert!(matches!(refused, Err(Error::Argument { .. })), "{refused:?}");

    client.set("text", "x").await?;
    let carts = client.json_mget::<String>(("cart", "nothing", "text"), "$.owner").await?;
    assert_eq!(carts, [Some(vec![cart().owner]), None, None]);
    assert_eq!(client.type_of(CART).await?, Some(KeyType::Json));
    let wrong = client.json_get::<i64>("cart").await;
    assert!(matches!(wrong, Err(Error::Reply { .. })), "{wrong:?}");
    // A reply that is not of the type fails alone.
    let each = client.pipeline().json_get::<i64>("cart").json_get(CART).execute_each().await?;
    let hlist_pat![wrong, right] = each;
    assert!(wrong.is_err() && right.is_ok_and(|found| found == Some(cart())));
    Ok(())
}

async fn conditions(client: &Client) -> Result<()> {
    assert!(!client.json_set_with(CART, cart(), SetIf::Missing).await?);
    assert!(client.json_set_with(CART, cart(), SetIf::Exists).await?);
    assert!(!client.json_set_with("nothing", 1, SetIf::Exists).await?);
    assert!(client.json_set_path(CART, "$.total", 2.5).await?);
    assert!(!client.json_set_path(CART, "$.no.parent", 1).await?, "a missing parent is no error");
    assert!(!client.json_set_path_with(CART, "$.total", 1, SetIf::Missing).await?);
    assert!(client.json_set_path_with(CART, "$.total", 1.5, SetIf::Exists).await?);
    let missing = client.json_set_path("nothing", "$.a", 1).await;
    assert!(matches!(missing, Err(Error::Server { .. })), "{missing:?}");
    Ok(())
}

async fn paths(client: &Client) -> Result<()> {
    assert_eq!(client.json_get_path::<f64>(CART, "$.total").await?, Some(vec![1.5]));
    assert_eq!(client.json_get_path::<i64>(CART, Path::ROOT.field("items").each()).await?, Some(vec![1, 2, 3]));
    assert_eq!(client.json_get_path::<i64>(CART, Path::ROOT.field("items").index(-1)).await?, Some(vec![3]));
    assert_eq!(client.json_get_path::<i64>(CART, "$.missing").await?, Some(vec![]));
    assert_eq!(client.json_get_path::<i64>("nothing", "$").await?, None);
    for name in ["a \"b\" ]", "it's", "x.y"] {
        assert!(client.json_set_path("names", "$", serde_json::json!({})).await?);
        assert!(client.json_set_path("names", Path::ROOT.field(name), 7).await?);
        assert_eq!(client.json_get::<serde_json::Value>("names").await?, Some(serde_json::json!({name: 7})));
    }
    for name in ["a\\b", "'\"\\"] {
        client.json_set("names", serde_json::json!({name: 8})).await?;
        assert_eq!(client.json_get_path::<i64>("names", Path::ROOT.field(name)).await?, Some(vec![8]));
    }
    for path in ["", ".", "total", "$total", ".total"] {
        let refused = client.json_type(CART, path).await;
        assert!(matches!(refused, Err(Error::Argument { .. })), "{path}: {refused:?}");
    }
    assert_eq!(client.json_type(CART, "$").await?, Some(vec![JsonType::Object]));
    let all = client.json_type(CART, "$.*").await?.unwrap();
    assert_eq!(all.len(), 4);
    assert_eq!(client.json_type(CART, "$.items").await?, Some(vec![JsonType::Array]));
    assert_eq!(client.json_type(CART, "$.missing").await?, Some(vec![]));
    assert_eq!(client.json_type("nothing", "$").await?, None);
    Ok(())
}

async fn numbers(client: &Client) -> Result<()> {
    client.json_set("n", serde_json::json!({"a": 1, "b": {"a": 2.5}, "s": "x"})).await?;
    assert_eq!(client.json_numincrby("n", "$.a", 2).await?, [Some(3)]);
    assert_eq!(client.json_numincrby("n", "$..a", 0.5).await?, [Some(3.5), Some(3.0)]);
    assert_eq!(client.json_numincrby("n", "$.s", 1).await?, [None]);
    assert_eq!(client.json_numincrby("n", "$.missing", 1).await?, []);
    assert_eq!(client.json_nummultby("n", "$.b.a", 2).await?, [Some(6)], "3.0 is read as a whole number");
    client.json_set("n", i64::MAX).await?;
    assert_eq!(client.json_numincrby("n", "$", 1).await?, [Some(i64::MIN)], "it wraps around");
    Ok(())
}

async fn arrays(client: &Client) -> Result<()> {
    client.json_set("list", (1..=3).collect::<Vec<_>>()).await?;
    assert_eq!(client.json_arrappend("list", "$", [4, 5]).await?, [Some(5)]);
    assert_eq!(client.json_arrinsert("list", "$", 0, vec!["first"]).await?, [Some(6)]);
    assert_eq!(client.json_arrlen("list", "$").await?, [Some(6)]);
    assert_eq!(client.json_arrlen("list", "$[0]").await?, [None]);
    assert_eq!(client.json_arrindex("list", "$", 4).await?, [ArrayIndex::At(4)]);
    assert_eq!(client.json_arrindex("list", "$", 99).await?, [ArrayIndex::Missing]);
    assert_eq!(client.json_arrindex_range("list", "$", 4, 0, 2).await?, [ArrayIndex::Missing]);
    assert_eq!(client.json_arrindex("list", "$[0]", 1).await?, [ArrayIndex::NoArray]);
    assert_eq!(client.json_arrpop::<i64>("list", "$").await?, [Some(5)]);
    assert_eq!(client.json_arrpop_index::<String>("list", "$", 0).await?, [Some("first".to_owned())]);
    assert_eq!(client.json_arrtrim("list", "$", 1, 1).await?, [Some(1)]);
    assert_eq!(client.json_get::<Vec<i64>>("list").await?, Some(vec![2]));
    let nothing: [i64; 0] = [];
    let refused = client.json_arrappend("list", "$", nothing).await;
    assert!(matches!(refused, Err(Error::Argument { .. })), "{refused:?}");
    assert_eq!(client.json_clear("list", "$").await?, 1);
    assert_eq!(client.json_arrpop::<i64>("list", "$").await?, [None]);
    Ok(())
}

async fn objects_and_texts(client: &Client) -> Result<()> {
    client.json_set(CART, cart()).await?;
    let keys = client.json_objkeys(CART, "$").await?.remove(0).unwrap();
    assert_eq!(keys, ["owner", "items", "total", "gift"]);
    assert_eq!(client.json_objkeys(CART, "$.total").await?, [None]);
    assert_eq!(client.json_objlen(CART, "$").await?, [Some(4)]);
    assert_eq!(client.json_toggle(CART, "$.gift").await?, [Some(false)]);
    assert_eq!(client.json_toggle(CART, "$.total").await?, [None]);
    let appended = client.json_strappend(CART, "$.owner", " \"\\\n\u{1}ü").await?;
    let owner = cart().owner + " \"\\\n\u{1}ü";
    assert_eq!(client.json_get_path::<String>(CART, "$.owner").await?, Some(vec![owner.clone()]));
    assert_eq!(
        (appended, client.json_strlen(CART, "$.owner").await?),
        (vec![Some(owner.len() as u64)], vec![Some(owner.len() as u64)])
    );
    assert_eq!(client.json_strlen(CART, "$.total").await?, [None]);
    assert!(client.json_debug_memory(CART, "$").await?[0] > 0);
    Ok(())
}

async fn merged(client: &Client) -> Result<()> {
    client.json_merge("merged", serde_json::json!({"a": 1, "b": 2})).await?;
    client.json_merge("merged", serde_json::json!({"a": null, "c": 3})).await?;
    let expected = serde_json::json!({"b": 2, "c": 3});
    assert_eq!(client.json_get::<serde_json::Value>("merged").await?, Some(expected));
    assert!(client.json_merge_path("merged", "$.b", 5).await?);
    assert!(!client.json_merge_path("merged", "$.no.parent", 5).await?);
    Ok(())
}

async fn several(client: &Client) -> Result<()> {
    client
        .json_mset([("a", "$", serde_json::json!({"n": 1, "m": {"n": [2]}})), ("b", "$", serde_json::json!(5))])
        .await?;
    client.json_mset(vec![("a", Path::ROOT.field("n"), 7), ("b", Path::ROOT, 6)]).await?;
    client.json_mset((CART, "$.total", 8.5)).await?;
    let numbers = client.json_get_paths::<serde_json::Value>("a", ["$.n", "$..n", "$.zz"]).await?.unwrap();
    assert_eq!((&numbers["$.n"], &numbers["$.zz"]), (&vec![7.into()], &vec![]));
    assert_eq!(numbers["$..n"], [serde_json::json!(7), serde_json::json!([2])]);
    let quoted = Path::ROOT.field("m\"").to_string();
    assert!(client.json_set_path("a", &quoted, 9).await?);
    let one = client.json_get_paths::<i64>("a", std::slice::from_ref(&quoted)).await?.unwrap();
    assert_eq!(one, [(quoted, vec![9])].into(), "one path has the same shape as several");
    assert_eq!(client.json_get_paths::<i64>("nothing", ["$.a", "$.b"]).await?, None);

    // All or nothing, but for a path without a parent.
    let refused = client.json_mset([("b", "$", 1), ("text", "$", 2)]).await;
    assert!(matches!(refused, Err(Error::Server { .. })), "{refused:?}");
    client.json_mset([("b", "$", 10), ("b", "$.no.parent", 2)]).await?;
    assert_eq!(client.json_get::<i64>("b").await?, Some(10));
    for refused in [
        client.json_mset([("b", "n", 1)]).await.map(|()| None),
        client.json_get_paths::<i64>("a", [""; 0]).await,
        client.json_get_paths::<i64>("a", ["n"]).await,
    ] {
        assert!(matches!(refused, Err(Error::Argument { .. })), "{refused:?}");
    }

    client.json_set("shown", serde_json::json!({"a": [1]})).await?;
    let shown = client.json_get_with("shown", JsonFormat::pretty()).await?;
    assert_eq!(shown.as_deref(), Some("{\n  \"a\": [\n    1\n  ]\n}"));
    let shown = client.json_get_path_with("shown", "$.a", JsonFormat::new().newline("|").indent("-")).await?;
    assert_eq!(shown.as_deref(), Some("[|-[|--1|-]|]"));
    assert_eq!(client.json_get_with("nothing", JsonFormat::new()).await?, None);
    let resp = client.json_resp("shown", "$.a").await?.unwrap();
    assert_eq!(resp, [Value::Array(vec![Value::Status("[".into()), Value::Integer(1)])]);
    assert_eq!(client.json_resp("nothing", "$").await?, None);
    Ok(())
}

async fn removed(client: &Client) -> Result<()> {
    assert_eq!(client.json_del_path("merged", "$.b").await?, 1);
    assert_eq!(client.json_del_path("merged", "$.b").await?, 0);
    assert_eq!((client.json_del("merged").await?, client.json_del("merged").await?), (1, 0));
    let hlist_pat![(), cart, gone] =
        client.pipeline().json_set(CART, cart()).json_get(CART).json_del(CART).execute().await?;
    assert_eq!((cart, gone), (Some(self::cart()), 1));
    Ok(())
}
