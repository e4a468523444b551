//! The commands on the expiry of fields of hashes, each run against a real server that has them.

use crate::support::rows::{in_both_protocols, supports};
use std::{collections::HashMap, time::Duration};
use typedis::{
    Client, Error, HashFields, Key, Outcome, Result,
    command::Command,
    commands::{
        FieldExpireTime, FieldExpiry, FieldPersisted, FieldPexpireTime, FieldPttl, FieldTtl,
        types::{Hexpire, Hgetdel, Hgetex},
    },
    hlist_pat,
    key::Hash,
    options::{ExpireOptions, GetExpiry, HsetexOptions, flag},
    prelude::*,
};
use typedis_testing::Server;

/// The start of the year 2100.
const LATER: u64 = 4_102_444_800;

#[derive(Debug, PartialEq, HashFields)]
struct Session {
    user: String,
    token: Option<String>,
    visits: Option<u64>,
}

const SESSION: Key<Hash<Session>> = Key::new("session");
const STOCK: Key<Hash<HashMap<String, i64>>> = Key::new("stock");

/// Runs every row that the server has, and returns whether it has any.
pub(super) async fn rows(server: &Server, client: &Client) -> Result<bool> {
    if !supports(server, Hexpire::INFO.since) {
        eprintln!("the expiry of fields is left out: {} does not have it", server.description());
        return Ok(false);
    }
    expiring(client).await?;
    telling(client).await?;
    of_structs(client).await?;
    if supports(server, Hgetex::<String>::INFO.since) {
        reading_and_expiring(client).await?;
        storing(client).await?;
        storing_by_struct(client).await?;
    }
    if supports(server, Hgetdel::<String>::INFO.since) {
        removing(client).await?;
    }
    if supports(server, option("HSETEX", "NX")) {
        storing_by_key(client).await?;
    }
    Ok(true)
}

fn option(command: &str, word: &str) -> typedis::version::Availability {
    flag::FLAGS.iter().find(|flag| flag.command == command && flag.word == word).unwrap().since
}

#[tokio::test]
async fn every_row_answers_as_declared() {
    in_both_protocols(async |server, client| rows(server, client).await.map(drop)).await;
}

async fn expiring(client: &Client) -> Result<()> {
    use FieldExpiry::{ConditionNotMet, Deleted, NoField, Set};
    client.hset("h", [("a", 1), ("b", 2), ("c", 3)]).await?;
    assert_eq!(client.hexpire("h", 100, ["a", "zz"]).await?, [Set, NoField]);
    assert_eq!(client.hexpire("nothing", 100, ["a", "b"]).await?, [NoField, NoField]);
    assert_eq!(client.hexpire_with("h", 200, ["a", "b"], ExpireOptions::new().nx()).await?, [ConditionNotMet, Set]);
    assert_eq!(client.hexpire_with("h", 300, ["a", "c"], ExpireOptions::new().xx()).await?, [Set, ConditionNotMet]);
    // A field without expiry counts as one that never expires.
    let later = ExpireOptions::new().gt();
    assert_eq!(client.hexpire_with("h", 250, ["a", "b", "c"], later).await?, [ConditionNotMet, Set, ConditionNotMet]);
    assert_eq!(client.hexpire_with("h", 220, ["a", "b", "c"], ExpireOptions::new().lt()).await?, [Set, Set, Set]);
    assert_eq!(client.hexpire_with("h", 230, "a", ExpireOptions::new()).await?, [Set]);

    assert_eq!(client.hpexpire("h", 100_000, "a").await?, [Set]);
    assert_eq!(client.hpexpire_with("h", 90_000, "a", ExpireOptions::new().gt()).await?, [ConditionNotMet]);
    assert_eq!(client.hexpireat("h", LATER, "a").await?, [Set]);
    assert_eq!(client.hexpireat_with("h", LATER, "a", ExpireOptions::new().nx()).await?, [ConditionNotMet]);
    assert_eq!(client.hpexpireat("h", 1000 * LATER, "a").await?, [Set]);
    assert_eq!(client.hpexpireat_with("h", 1000 * LATER, "a", ExpireOptions::new().lt()).await?, [ConditionNotMet]);

    assert_eq!(client.hexpireat("h", 1, "a").await?, [Deleted]);
    assert_eq!(client.hexpire("h", 0, ["a", "b", "c"]).await?, [NoField, Deleted, Deleted]);
    assert_eq!(client.exists("h").await?, 0, "a hash without fields is gone");
    Ok(())
}

async fn telling(client: &Client) -> Result<()> {
    client.hset("h", [("a", 1), ("b", 2)]).await?;
    client.hexpireat("h", LATER, "a").await?;
    let fields = ["a", "b", "zz"];
    let seconds = client.httl("h", fields).await?;
    assert!(matches!(seconds[..], [FieldTtl::Seconds(1_000_000..), FieldTtl::NoExpiry, FieldTtl::NoField]));
    let milliseconds = client.hpttl("h", fields).await?;
    assert!(matches!(milliseconds[0], FieldPttl::Milliseconds(1_000_000_000..)), "{milliseconds:?}");
    assert_eq!(milliseconds[1..], [FieldPttl::NoExpiry, FieldPttl::NoField]);
    let at = client.hexpiretime("h", fields).await?;
    assert_eq!(at, [FieldExpireTime::UnixSeconds(LATER), FieldExpireTime::NoExpiry, FieldExpireTime::NoField]);
    let at = client.hpexpiretime("h", fields).await?;
    let later = FieldPexpireTime::UnixMilliseconds(1000 * LATER);
    assert_eq!(at, [later, FieldPexpireTime::NoExpiry, FieldPexpireTime::NoField]);
    assert_eq!(client.httl("nothing", ["a", "b"]).await?, [FieldTtl::NoField, FieldTtl::NoField]);

    let kept = client.hpersist("h", fields).await?;
    assert_eq!(kept, [FieldPersisted::Removed, FieldPersisted::NoExpiry, FieldPersisted::NoField]);
    assert_eq!(client.httl("h", "a").await?, [FieldTtl::NoExpiry]);

    client.hexpireat("h", LATER, ["a", "b"]).await?;
    client.hincrby("h", "a", 1).await?;
    client.hset("h", ("b", 5)).await?;
    let later = FieldExpireTime::UnixSeconds(LATER);
    assert_eq!(client.hexpiretime("h", ["a", "b"]).await?, [later, FieldExpireTime::NoExpiry]);
    client.del("h").await?;
    Ok(())
}

async fn of_structs(client: &Client) -> Result<()> {
    client.hset(SESSION, &Session { user: "ann".into(), token: Some("t".into()), visits: None }).await?;
    assert_eq!(client.hexpire_field(SESSION, 100, Session::TOKEN).await?, FieldExpiry::Set);
    assert!(matches!(client.httl_field(SESSION, Session::TOKEN).await?, FieldTtl::Seconds(90..=100)));
    assert_eq!(client.hpexpire_field(SESSION, 200_000, Session::TOKEN).await?, FieldExpiry::Set);
    assert!(matches!(client.hpttl_field(SESSION, Session::TOKEN).await?, FieldPttl::Milliseconds(190_000..=200_000)));
    assert_eq!(client.hexpireat_field(SESSION, LATER, Session::TOKEN).await?, FieldExpiry::Set);
    let at = client.hexpiretime_field(SESSION, Session::TOKEN).await?;
    assert_eq!(at, FieldExpireTime::UnixSeconds(LATER));
    assert_eq!(client.hpexpireat_field(SESSION, 1000 * LATER, Session::VISITS).await?, FieldExpiry::NoField);
    assert_eq!(client.hpexpiretime_field(SESSION, Session::USER).await?, FieldPexpireTime::NoExpiry);
    assert_eq!(client.hpersist_field(SESSION, Session::TOKEN).await?, FieldPersisted::Removed);
    assert_eq!(client.hpersist_field(SESSION, Session::TOKEN).await?, FieldPersisted::NoExpiry);
    client.del(SESSION).await?;
    Ok(())
}

async fn reading_and_expiring(client: &Client) -> Result<()> {
    client.hset(STOCK, [("pears", 3), ("plums", 5)]).await?;
    assert_eq!(client.hgetex(STOCK, ["pears", "nothing"]).await?, [Some(3), None]);
    assert_eq!(client.hgetex::<String>("nothing", ["a", "b"]).await?, [None, None]);
    assert_eq!(client.hgetex_with(STOCK, ["pears", "figs"], GetExpiry::ex(100)).await?, [Some(3), None]);
    assert!(matches!(client.httl(STOCK, "pears").await?[..], [FieldTtl::Seconds(90..=100)]));
    client.hgetex_with(STOCK, "pears", GetExpiry::px(200_000)).await?;
    assert!(matches!(client.httl(STOCK, "pears").await?[..], [FieldTtl::Seconds(190..=200)]));
    client.hgetex_with(STOCK, "pears", GetExpiry::exat(LATER)).await?;
    assert_eq!(client.hexpiretime(STOCK, "pears").await?, [FieldExpireTime::UnixSeconds(LATER)]);
    client.hgetex_with(STOCK, "pears", GetExpiry::persist()).await?;
    assert_eq!(client.httl(STOCK, "pears").await?, [FieldTtl::NoExpiry]);
    // What is to expire at once is read, and then it is gone.
    assert_eq!(client.hgetex_with(STOCK, "pears", GetExpiry::pxat(1)).await?, [Some(3)]);
    assert_eq!(client.hgetex_with(STOCK, ["pears", "plums"], GetExpiry::ex(0)).await?, [None, Some(5)]);
    assert_eq!(client.exists(STOCK).await?, 0);
    Ok(())
}

async fn storing(client: &Client) -> Result<()> {
    assert!(client.hsetex(STOCK, [("pears", 3), ("plums", 5)]).await?);
    let options = HsetexOptions::new();
    assert!(client.hsetex_with(STOCK, ("pears", 4), options.ex(100)).await?);
    assert!(matches!(client.httl(STOCK, ["pears", "plums"]).await?[..], [FieldTtl::Seconds(90..), FieldTtl::NoExpiry]));
    assert!(client.hsetex_with(STOCK, ("pears", 5), options.keepttl()).await?);
    assert!(matches!(client.httl(STOCK, "pears").await?[..], [FieldTtl::Seconds(90..=100)]));
    assert!(client.hsetex(STOCK, ("pears", 6)).await?);
    assert_eq!(client.httl(STOCK, "pears").await?, [FieldTtl::NoExpiry]);

    assert!(!client.hsetex_with(STOCK, [("pears", 7), ("figs", 8)], options.fnx()).await?);
    assert!(!client.hsetex_with(STOCK, [("pears", 7), ("figs", 8)], options.fxx().px(9)).await?);
    assert_eq!(client.hgetall(STOCK).await?, HashMap::from([("pears".into(), 6), ("plums".into(), 5)]));
    assert!(client.hsetex_with(STOCK, ("figs", 8), options.fnx().exat(LATER)).await?);
    assert_eq!(client.hexpiretime(STOCK, "figs").await?, [FieldExpireTime::UnixSeconds(LATER)]);

    // An expiry of 0 or in the past removes the fields, and is told as done.
    assert!(client.hsetex_with(STOCK, ("figs", 9), options.ex(0)).await?);
    assert!(client.hsetex_with(STOCK, [("pears", 9), ("plums", 9)], options.fxx().pxat(1)).await?);
    assert_eq!(client.exists(STOCK).await?, 0);
    Ok(())
}

async fn storing_by_struct(client: &Client) -> Result<()> {
    let ann = || Session { user: "ann".into(), token: Some("t".into()), visits: Some(1) };
    assert!(client.hsetex_with(SESSION, &ann(), HsetexOptions::new().ex(100)).await?);
    assert!(client.hsetex_field(SESSION, Session::VISITS, 2, HsetexOptions::new().fxx().keepttl()).await?);
    assert!(matches!(client.httl_field(SESSION, Session::VISITS).await?, FieldTtl::Seconds(90..=100)));
    assert_eq!(client.hgetex_field(SESSION, Session::VISITS, GetExpiry::ex(500)).await?, Some(2));
    assert!(matches!(client.httl_field(SESSION, Session::VISITS).await?, FieldTtl::Seconds(490..=500)));
    let read: Session = client.hgetex_fields(SESSION, GetExpiry::persist()).await?;
    assert_eq!(read, Session { visits: Some(2), ..ann() });
    assert_eq!(client.httl_field(SESSION, Session::USER).await?, FieldTtl::NoExpiry);
    client.del(SESSION).await?;
    Ok(())
}

async fn removing(client: &Client) -> Result<()> {
    client.hset(STOCK, [("pears", 3), ("plums", 5)]).await?;
    assert_eq!(client.hgetdel(STOCK, ["pears", "nothing"]).await?, [Some(3), None]);
    assert_eq!(client.hgetdel(STOCK, ["plums", "plums"]).await?, [Some(5), None]);
    assert_eq!(client.exists(STOCK).await?, 0);

    client.hset(SESSION, &Session { user: "ann".into(), token: None, visits: Some(7) }).await?;
    assert_eq!(client.hgetdel_field(SESSION, Session::VISITS).await?, Some(7));
    assert_eq!(client.hgetdel_field(SESSION, Session::VISITS).await?, None);
    let rest = client.hgetdel_fields(SESSION).await?;
    assert_eq!(rest, Session { user: "ann".into(), token: None, visits: None });
    let gone: Option<Session> = client.hgetdel_fields("session").await?;
    assert_eq!(gone, None);
    Ok(())
}

async fn storing_by_key(client: &Client) -> Result<()> {
    let options = HsetexOptions::new();
    assert!(!client.hsetex_with(STOCK, ("pears", 1), options.xx()).await?);
    assert!(client.hsetex_with(STOCK, ("pears", 1), options.nx().fnx().ex(9)).await?);
    assert!(!client.hsetex_with(STOCK, ("plums", 1), options.nx()).await?);
    assert!(client.hsetex_with(STOCK, ("plums", 1), options.xx()).await?);
    client.del(STOCK).await?;
    Ok(())
}

#[tokio::test]
async fn a_transaction_answers_each_command_in_its_own_type() {
    in_both_protocols(async |server, client| {
        if !supports(server, Hexpire::INFO.since) {
            return Ok(());
        }
        let hlist_pat![_, set, ttl, token] = client
            .pipeline()
            .hset(SESSION, &Session { user: "ann".into(), token: Some("t".into()), visits: None })
            .hexpire(SESSION, 0, ["token", "visits"])
            .httl_field(SESSION, Session::USER)
            .hget_field(SESSION, Session::TOKEN)
            .execute()
            .await?;
        assert_eq!(set, [FieldExpiry::Deleted, FieldExpiry::NoField]);
        assert_eq!((ttl, token), (FieldTtl::NoExpiry, None));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_watch_sees_a_write_of_the_expiry_and_not_the_end_of_the_time() {
    if !supports(&Server::start().await, Hexpire::INFO.since) {
        return;
    }
    // Without the sweep, the server removes a field only where a command finds it.
    let server = Server::builder().arg("--enable-debug-command", "yes").start().await;
    assert_eq!(server.raw().await.command(["DEBUG", "SET-ACTIVE-EXPIRE", "0"]).await.text(), "OK");
    let client = Client::connect(&server.url()).await.unwrap();
    let watching = async || client.pipeline().watch("h").await;
    let attempt = async |write: &str| -> Result<bool> {
        let watching = watching().await?;
        match write {
            "" => tokio::time::sleep(Duration::from_millis(40)).await,
            "NX" => drop(client.hexpire_with("h", 100, "a", ExpireOptions::new().nx()).await?),
            _ => drop(client.hexpireat("h", LATER, "a").await?),
        }
        Ok(matches!(watching.multi().set("n", 1).execute().await?, Outcome::Committed(_)))
    };
    client.hset("h", [("a", 1), ("b", 2)]).await.unwrap();
    assert!(!attempt("HEXPIREAT").await.unwrap());
    assert!(!attempt("HEXPIREAT of the same time").await.unwrap());
    assert!(attempt("NX").await.unwrap(), "a condition that does not hold writes nothing");
    client.hpexpire("h", 20, "a").await.unwrap();
    assert!(attempt("").await.unwrap());
    assert_eq!(client.hget::<i64>("h", "a").await.unwrap(), None);
}

#[tokio::test]
async fn what_the_server_refuses_is_an_error_of_that_command() {
    in_both_protocols(async |server, client| {
        let none = client.hexpire("h", 1, Vec::<String>::new()).await;
        assert!(matches!(&none, Err(Error::Argument { at, .. }) if at.name == "HEXPIRE"), "{none:?}");
        let none = client.hsetex("h", Vec::<(String, i64)>::new()).await;
        assert!(matches!(&none, Err(Error::Argument { at, .. }) if at.name == "HSETEX"), "{none:?}");
        client.set("text", "text").await?;
        let wrong_kind = client.httl("text", "a").await;
        assert!(matches!(&wrong_kind, Err(Error::Server { at, .. }) if at.name == "HTTL"), "{wrong_kind:?}");
        if supports(server, Hexpire::INFO.since) {
            client.hset("h", ("a", 1)).await?;
            let too_far = client.hexpire("h", u64::MAX, "a").await;
            assert!(matches!(&too_far, Err(Error::Server { at, .. }) if at.name == "HEXPIRE"), "{too_far:?}");
        }
        Ok(())
    })
    .await;
}
