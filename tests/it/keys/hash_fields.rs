//! `HashFields`: structs read from and written to hashes of a real server.

use crate::support::client;
use std::collections::HashMap;
use typedis::{Client, Error, HashFields, Key, Protocol, Script, hlist_pat, key::Hash, keyspace, pipeline, prelude::*};

#[derive(Clone, Debug, PartialEq, HashFields)]
struct Account {
    owner: String,
    #[typedis(rename = "cents")]
    balance: i64,
    email: Option<String>,
    rate: f64,
}

/// Field names that the expansion of the derive might use itself.
#[derive(Debug, PartialEq, HashFields)]
struct Awkward {
    fields: String,
    index: Option<u16>,
    value: bool,
    out: i64,
    r#type: String,
    reader: Option<std::string::String>,
}

#[derive(Debug, PartialEq, HashFields)]
struct Contact {
    email: Option<String>,
    phone: Option<String>,
}

keyspace! {
    account(id: u64): Hash<Account> = "account:{id}";
}
keyspace! {
    /// The same keys, read as optional.
    maybe(id: u64): Hash<Option<Account>> = "account:{id}";
}

fn ada() -> Account {
    Account { owner: "Ada".into(), balance: 250, email: Some("ada@example.org".into()), rate: 0.5 }
}

/// Clients of both protocols, whose replies differ.
async fn both(url: &str) -> [Client; 2] {
    let config = |protocol| typedis::Config::from_url(url).unwrap().protocol(protocol);
    [Client::open(config(Protocol::Resp2)).await.unwrap(), Client::open(config(Protocol::Resp3)).await.unwrap()]
}

#[tokio::test]
async fn what_is_written_is_read() {
    let (server, _) = client().await;
    for client in both(&server.url()).await {
        client.flushdb().await.unwrap();
        assert_eq!(client.hset(account(1), &ada()).await.unwrap(), 4);
        assert_eq!(client.hgetall(account(1)).await.unwrap(), ada());
        assert_eq!(client.hmget_fields(account(1)).await.unwrap(), ada());
        assert_eq!(client.hget::<i64>("account:1", "cents").await.unwrap(), Some(250));
        // The same with plain keys and an explicit type.
        client.hset("account:2", ada()).await.unwrap();
        assert_eq!(client.hgetall::<Account>("account:2").await.unwrap(), ada());
        let read: Option<Account> = client.hmget_fields("account:2").await.unwrap();
        assert_eq!(read, Some(ada()));
        let script: Script<Account> = Script::new("return redis.call('HGETALL', KEYS[1])");
        assert_eq!(client.script(&script, account(1), ()).await.unwrap(), ada());
    }
}

#[tokio::test]
async fn no_name_of_a_field_is_in_the_way() {
    let (_server, client) = client().await;
    let awkward = Awkward { fields: "f".into(), index: Some(1), value: true, out: 2, r#type: "t".into(), reader: None };
    client.hset("a", &awkward).await.unwrap();
    assert_eq!(client.hgetall::<Awkward>("a").await.unwrap(), awkward);
    assert_eq!(client.hget_field("a", Awkward::TYPE).await.unwrap().as_deref(), Some("t"));
}

#[tokio::test]
async fn optional_fields_may_be_missing_and_unknown_ones_are_passed_over() {
    let (server, _) = client().await;
    for client in both(&server.url()).await {
        client.flushdb().await.unwrap();
        let nobody = Account { email: None, ..ada() };
        client.hset(account(1), &nobody).await.unwrap();
        client.hset("account:1", [("unknown", "x"), ("more", "")]).await.unwrap();
        assert_eq!(client.hgetall(account(1)).await.unwrap(), nobody);
        assert_eq!(client.hmget_fields(account(1)).await.unwrap(), nobody);
        // `None` writes nothing, so the earlier value stays.
        client.hset(account(1), &ada()).await.unwrap();
        client.hset(account(1), &nobody).await.unwrap();
        assert_eq!(client.hgetall(account(1)).await.unwrap(), ada());
        client.hdel(account(1), Account::EMAIL).await.unwrap();
        assert_eq!(client.hgetall(account(1)).await.unwrap(), nobody);
    }
}

#[tokio::test]
async fn a_missing_field_is_an_error_that_names_it() {
    let (server, _) = client().await;
    for client in both(&server.url()).await {
        client.flushdb().await.unwrap();
        client.hset("account:1", ("owner", "Ada")).await.unwrap();
        for error in [client.hgetall(account(1)).await.unwrap_err(), client.hmget_fields(account(1)).await.unwrap_err()]
        {
            assert!(matches!(error, Error::Reply { .. }), "{error:?}");
            assert!(error.to_string().contains("`Account` needs a field `cents`"), "{error}");
            assert!(error.to_string().contains("make it an `Option`"), "{error}");
        }
        let error = client.hgetall(account(9)).await.unwrap_err();
        assert!(error.to_string().contains("read it as `Option<Account>`"), "{error}");
        assert!(client.hmget_fields(account(9)).await.is_err());
        // A missing hash, and one with missing fields.
        assert_eq!(client.hgetall(maybe(9)).await.unwrap(), None);
        assert_eq!(client.hmget_fields(maybe(9)).await.unwrap(), None);
        assert!(client.hgetall(maybe(1)).await.is_err());
        assert!(client.hmget_fields(maybe(1)).await.is_err());
        client.set("account:3", "text").await.unwrap();
        let error = client.hgetall(maybe(3)).await.unwrap_err();
        assert!(error.to_string().contains("WRONGTYPE"), "{error}");
        assert!(client.hmget_fields(maybe(3)).await.unwrap_err().to_string().contains("WRONGTYPE"));
    }
}

#[tokio::test]
async fn a_field_of_the_wrong_type_is_an_error_that_names_it_and_spoils_nothing_else() {
    let (server, _) = client().await;
    for client in both(&server.url()).await {
        client.flushdb().await.unwrap();
        client.hset(account(1), &ada()).await.unwrap();
        client.hset("account:1", ("cents", "many")).await.unwrap();
        let hlist_pat![all, some, hits] =
            client.pipeline().hgetall(account(1)).hmget_fields(account(1)).incr("hits").execute_each().await.unwrap();
        for error in [all.unwrap_err(), some.unwrap_err()] {
            assert!(error.to_string().contains("field `cents`: the reply is \"many\""), "{error}");
        }
        assert!(hits.is_ok());
    }
}

#[tokio::test]
async fn single_fields_have_the_types_of_the_struct() {
    let (_server, client) = client().await;
    let (new, balance, rate, owner, email) = pipeline! { client =>
        hset_field(account(1), Account::OWNER, "Ada");
        hincrby_field(account(1), Account::BALANCE, 5);
        hincrbyfloat_field(account(1), Account::RATE, 0.5);
        hget_field(account(1), Account::OWNER);
        hget_field(maybe(1), Account::EMAIL);
    }
    .unwrap();
    assert_eq!((new, balance, rate), (1, 5, 0.5));
    let (owner, email): (Option<String>, Option<String>) = (owner, email);
    assert_eq!((owner.as_deref(), email), (Some("Ada"), None));
    let on_a_plain_key: Option<i64> = client.hget_field("account:1", Account::BALANCE).await.unwrap();
    assert_eq!(on_a_plain_key, Some(5));
    assert!(client.hexists(account(1), Account::BALANCE).await.unwrap());
    assert_eq!(client.hkeys(account(1)).await.unwrap().len(), 3);
    assert_eq!(Account::BALANCE.name(), "cents");
}

#[tokio::test]
async fn structs_are_read_by_each_and_under_watch() {
    let (_server, client) = client().await;
    let hlist_pat![_, all] = client
        .pipeline()
        .each(0..3, |p, id| p.hset(account(id), &Account { balance: id as i64, ..ada() }))
        .each(0..3, |p, id| p.hgetall(account(id)))
        .execute()
        .await
        .unwrap();
    assert_eq!(all.iter().map(|account| account.balance).collect::<Vec<_>>(), [0, 1, 2]);
    let (left,) = pipeline! { client =>
        watch(account(2));
        let Account { balance, .. } = hgetall(account(2)).await.unwrap();
        multi();
        hincrby_field(account(2), Account::BALANCE, -balance);
    }
    .unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn nothing_but_missing_fields_cannot_be_written() {
    let (_server, client) = client().await;
    let error = client.hset("contact", Contact { email: None, phone: None }).await.unwrap_err();
    assert!(matches!(error, Error::Argument { .. }), "{error:?}");
    assert!(error.to_string().contains("every field is `None`"), "{error}");
    assert_eq!(client.hgetall::<Contact>("contact").await.unwrap(), Contact { email: None, phone: None });
    assert_eq!(client.hgetall::<Option<Contact>>("contact").await.unwrap(), None);
}

#[tokio::test]
async fn maps_are_hashes_as_before() {
    let (_server, client) = client().await;
    const STOCK: Key<Hash<HashMap<String, u32>>> = Key::new("stock");
    client.hset(STOCK, [("apple", 3)]).await.unwrap();
    assert_eq!(client.hgetall(STOCK).await.unwrap()["apple"], 3);
}
