//! Lua scripts: those that typedis loads by itself, and the commands of scripts.

use crate::support::rows::{assert_all_ran, has, in_both_protocols};
use crate::support::{client, seen};
use bytes::Bytes;
use std::sync::Arc;
use typedis::{
    Client, Error, Key, Outcome, Prepared, ReadScript, Result, Script, Value, hlist_pat,
    key::Str,
    options::flag::{FlushAsync, FlushSync},
    pipeline,
    prelude::*,
};
use typedis_testing::{Server, Vendor};

fn add() -> Script<i64> {
    Script::new("return redis.call('INCRBY', KEYS[1], ARGV[1])")
}

fn broken() -> Script<i64> {
    Script::new("return nonsense(")
}

#[tokio::test]
async fn a_script_runs_by_itself_in_a_queue_and_while_watching() {
    in_both_protocols(async |_, client| {
        let add = add();
        assert_eq!(client.script(&add, "hits", 2).await?, 2);
        let hlist_pat![five, text] = client.pipeline().script(&add, "hits", 3).get::<String>("hits").execute().await?;
        assert_eq!((five, text.as_deref()), (5, Some("5")));

        let mut tx = client.pipeline().watch("hits").await?;
        assert_eq!(tx.script(&add, "other", 1).await?, 1);
        let Outcome::Committed(hlist_pat![six]) = tx.multi().script(&add, "hits", 1).execute().await? else {
            panic!("nobody else wrote the key");
        };
        assert_eq!(six, 6);

        let hlist_pat![seven, eight] =
            client.pipeline().without_transaction().script(&add, "hits", 1).script(&add, "hits", 1).execute().await?;
        assert_eq!((seven, eight), (7, 8));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_script_runs_in_the_macro_and_in_a_prepared_batch() {
    in_both_protocols(async |_, client| {
        let add = add();
        let (one, name) = pipeline! { client => script(&add, "hits", 1); get::<String>("name") }?;
        assert_eq!((one, name), (1, None));

        let batch: Prepared<(i64, i64)> = pipeline! { script(&add, "hits", 1); script(&add, "hits", 1) };
        assert_eq!(batch.execute(client).await?, (2, 3));
        client.script_flush().await?;
        assert_eq!(batch.execute(client).await?, (4, 5));

        let hlist_pat![many] = client.pipeline().each([1, 2, 3], |p, by| p.script(&add, "hits", by)).execute().await?;
        assert_eq!(many, [6, 8, 11]);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_script_is_loaded_before_multi() {
    let (server, client) = client().await;
    let add = add();
    let monitor = server.monitor().await;
    client.pipeline().set("a", 1).script(&add, "a", 1).execute().await.unwrap();
    let seen = seen(monitor, &server).await;
    let place = |name: &str| seen.iter().position(|command| command.starts_with(name));
    let (load, multi, run) = (place("script load"), place("multi"), place("evalsha"));
    assert!(load.is_some() && load < multi && multi < run, "{seen:#?}");
    assert!(!seen[multi.unwrap()..].iter().any(|command| command.starts_with("script load")), "{seen:#?}");
}

#[tokio::test]
async fn what_another_client_flushed_is_loaded_again() {
    in_both_protocols(async |server, client| {
        let other = Client::connect(&server.url()).await?;
        let add = add();
        client.script(&add, "hits", 1).await?;
        other.script_flush().await?;
        assert_eq!(client.script(&add, "hits", 1).await?, 2);
        other.script_flush().await?;
        let hlist_pat![(), three] = client.pipeline().set("a", 1).script(&add, "hits", 1).execute().await?;
        assert_eq!(three, 3);

        let tx = client.pipeline().watch("hits").await?;
        other.script_flush().await?;
        let Outcome::Committed(hlist_pat![four]) = tx.multi().script(&add, "hits", 1).execute().await? else {
            panic!("nobody else wrote the key");
        };
        assert_eq!(four, 4);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_script_that_does_not_compile_stops_the_transaction_before_anything_ran() {
    in_both_protocols(async |_, client| {
        let broken = broken();
        let error = client.pipeline().set("a", 1).script(&broken, "a", ()).incr("a").execute().await.unwrap_err();
        refused(&error);
        let error = client.pipeline().without_transaction().set("a", 1).script(&broken, "a", ()).execute().await;
        refused(&error.unwrap_err());
        refused(&client.script(&broken, (), ()).await.unwrap_err());

        let tx = client.pipeline().watch("a").await?;
        refused(&tx.multi().set("a", 1).script(&broken, "a", ()).execute().await.unwrap_err());
        assert_eq!(client.get::<i64>("a").await?, None);

        // The refused script fails although the other was accepted, and the other still runs.
        let add = add();
        client.script(&add, "b", 1).await?;
        refused(&client.pipeline().script(&add, "b", 1).script(&broken, "b", ()).execute().await.unwrap_err());
        assert_eq!(client.script(&add, "b", 1).await?, 2);
        Ok(())
    })
    .await;
}

#[track_caller]
fn refused(error: &Error) {
    let Error::Server { at, error } = error else { panic!("another error: {error}") };
    assert_eq!(at.name, "SCRIPT LOAD");
    assert!(error.message().contains("compiling"), "{error}");
}

#[tokio::test]
async fn a_server_without_lua_stops_the_transaction_before_anything_ran() {
    let server = Server::start().await;
    let modules = format!("{:?}", server.raw().await.command(["INFO", "modules"]).await);
    if !modules.contains("name=lua") {
        return println!("skipped: Lua is no module of {}", server.description());
    }
    let server = Server::builder().arg("enable-module-command", "local").start().await;
    let unloaded = server.raw().await.command(["MODULE", "UNLOAD", "lua"]).await;
    assert_eq!(unloaded.text(), "OK");
    let client = Client::connect(&server.url()).await.unwrap();
    let error = client.pipeline().set("a", 1).script(&add(), "a", 1).execute().await.unwrap_err();
    assert_eq!(error.to_string(), "SCRIPT LOAD: ERR Could not find scripting engine 'lua'");
    assert!(!error.may_have_run());
    assert_eq!(client.get::<i64>("a").await.unwrap(), None);
}

#[tokio::test]
async fn an_error_of_a_script_is_that_of_its_command() {
    in_both_protocols(async |_, client| {
        let fails: Script<i64> = Script::new("return redis.error_reply('OWN not today')");
        let error = client.script(&fails, (), ()).await.unwrap_err();
        assert!(matches!(&error, Error::Server { error, .. } if error.code() == "OWN"), "{error}");

        let error = client.pipeline().set("a", 1).script(&fails, (), ()).execute().await.unwrap_err();
        assert!(matches!(&error, Error::Server { at, .. } if (at.number, at.name) == (2, "EVALSHA")), "{error}");
        assert_eq!(client.get::<i64>("a").await?, Some(1));

        client.set("text", "no number").await?;
        let error = client.script(&add(), "text", 1).await.unwrap_err();
        assert!(error.to_string().contains("not an integer"), "{error}");

        let wrong: Script<i64> = Script::new("return 'text'");
        let error = client.script(&wrong, (), ()).await.unwrap_err();
        assert!(matches!(&error, Error::Reply { at, .. } if at.name == "EVALSHA"), "{error}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_script_answers_the_type_that_it_names() {
    in_both_protocols(async |_, client| {
        let text: Script<String> = Script::new("return 'text'");
        assert_eq!(client.script(&text, (), ()).await?, "text");
        let bytes: Script<Bytes> = Script::new("return '\\255\\0'");
        assert_eq!(client.script(&bytes, (), ()).await?, &b"\xff\0"[..]);
        let nothing: Script<Option<String>> = Script::new("return nil");
        assert_eq!(client.script(&nothing, (), ()).await?, None);
        let something: Script<Option<u8>> = Script::new("return 3.9");
        assert_eq!(client.script(&something, (), ()).await?, Some(3));
        let status: Script<()> = Script::new("return redis.call('SET', KEYS[1], ARGV[1])");
        client.script(&status, "a", "1").await?;
        let yes: Script<bool> = Script::new("return redis.call('EXISTS', KEYS[1])");
        assert!(client.script(&yes, "a", ()).await?);
        let list: Script<Vec<i64>> = Script::new("return {1, 2, 3}");
        assert_eq!(client.script(&list, (), ()).await?, [1, 2, 3]);
        let nested: Script<(i64, String, Vec<Option<String>>)> = Script::new("return {1, 'two', {'three', false}}");
        assert_eq!(client.script(&nested, (), ()).await?, (1, "two".into(), vec![Some("three".into()), None]));
        let number: Script<f64> = Script::new("return '2.5'");
        assert_eq!(client.script(&number, (), ()).await?, 2.5);
        let any: Script<Value> = Script::new("return {1, 'two', {ok = 'fine'}}");
        let expected = [Value::Integer(1), Value::Bulk(Bytes::from("two")), Value::Status("fine".into())];
        assert_eq!(client.script(&any, (), ()).await?, Value::Array(expected.into()));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn keys_and_arguments_reach_the_script_apart() {
    in_both_protocols(async |_, client| {
        const NAME: Key<Str<String>> = Key::new("name");
        let told: Script<(Vec<String>, Vec<String>)> = Script::new("return {KEYS, ARGV}");
        let strings = |list: &[&str]| list.iter().map(|text| text.to_string()).collect::<Vec<_>>();

        let none = client.script(&told, (), ()).await?;
        assert_eq!(none, (strings(&[]), strings(&[])));
        let arguments = client.script(&told, (), ("x", 1, 2.5)).await?;
        assert_eq!(arguments, (strings(&[]), strings(&["x", "1", "2.5"])));
        let keys = client.script(&told, ["a", "b"], ()).await?;
        assert_eq!(keys, (strings(&["a", "b"]), strings(&[])));
        let both = client.script(&told, (NAME, "b", String::from("c")), vec!["x\r\ny"]).await?;
        assert_eq!(both, (strings(&["name", "b", "c"]), strings(&["x\r\ny"])));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_source_runs_as_it_is() {
    in_both_protocols(sources).await;
}

async fn sources(_: &Server, client: &Client) -> Result<()> {
    assert_eq!(client.eval::<i64>("return 1 + 1", (), ()).await?, 2);
    let set = "return redis.call('SET', KEYS[1], ARGV[1])";
    let hlist_pat![(), got] = client.pipeline().eval::<()>(set, "a", 5).get::<i64>("a").execute().await?;
    assert_eq!(got, Some(5));

    let error = client.eval::<()>("return nonsense(", (), ()).await.unwrap_err();
    assert!(matches!(&error, Error::Server { at, .. } if at.name == "EVAL"), "{error}");
    Ok(())
}

#[tokio::test]
async fn only_a_script_that_the_server_knows_runs_by_its_sha1() {
    in_both_protocols(by_sha1).await;
}

async fn by_sha1(_: &Server, client: &Client) -> Result<()> {
    let script = add();
    let noscript = |error: Error| matches!(error, Error::Server { error, .. } if error.code() == "NOSCRIPT");
    assert!(noscript(client.evalsha::<i64>(script.sha1(), "hits", 1).await.unwrap_err()));
    assert_eq!(client.script_exists([script.sha1(), "f".repeat(40).as_str()]).await?, [false, false]);

    assert_eq!(client.script_load(script.source()).await?, script.sha1());
    assert_eq!(client.script_exists([script.sha1(), "f".repeat(40).as_str()]).await?, [true, false]);
    assert_eq!(client.script_exists(script.sha1()).await?, [true]);
    assert_eq!(client.evalsha::<i64>(script.sha1(), "hits", 1).await?, 1);

    client.script_flush().await?;
    assert_eq!(client.script_exists(script.sha1()).await?, [false]);
    assert!(noscript(client.evalsha::<i64>(script.sha1(), "hits", 1).await.unwrap_err()));

    let hlist_pat![sha1, known, two] = client
        .pipeline()
        .script_load(script.source())
        .script_exists(script.sha1())
        .evalsha::<i64>(script.sha1(), "hits", 1)
        .execute()
        .await?;
    assert_eq!((sha1.as_str(), known, two), (script.sha1(), vec![true], 2));
    Ok(())
}

async fn reading(server: &Server, client: &Client) -> Result<()> {
    if !has(server, (7, 0, 0), "EVAL_RO") {
        return Ok(());
    }
    client.set("a", "text").await?;
    let length: ReadScript<i64> = Script::new("return redis.call('STRLEN', KEYS[1])").read_only();
    assert_eq!(client.script_ro(&length, "a", ()).await?, 4);
    let (four, visits) = pipeline! { client => script_ro(&length, "a", ()); incr("visits") }?;
    assert_eq!((four, visits), (4, 1));
    assert_eq!(client.eval_ro::<i64>("return 7", (), ()).await?, 7);
    let sha1 = client.script_load("return ARGV[1]").await?;
    assert_eq!(client.evalsha_ro::<String>(&sha1, (), "x").await?, "x");

    let writing: ReadScript<()> = Script::new("redis.call('SET', KEYS[1], 1)").read_only();
    let error = client.script_ro(&writing, "b", ()).await.unwrap_err();
    assert!(matches!(error, Error::Server { .. }), "{error:?}");
    assert_eq!(client.exists("b").await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_script_that_says_that_it_reads_is_held_to_it() {
    in_both_protocols(reading).await;
}

#[tokio::test]
async fn a_flushed_cache_has_no_script() {
    in_both_protocols(flushing).await;
}

async fn flushing(server: &Server, client: &Client) -> Result<()> {
    if !has(server, (6, 2, 0), "SCRIPT FLUSH with a mode") {
        return Ok(());
    }
    let script = add();
    for _ in 0..2 {
        client.script_load(script.source()).await?;
        if server.vendor() == Vendor::Valkey && server.version() >= (8, 0, 0) {
            assert_eq!(client.script_show::<String>(script.sha1()).await?, script.source());
        }
        client.script_flush_with(FlushAsync).await?;
        client.script_flush_with(FlushSync).await?;
        assert_eq!(client.script_exists(script.sha1()).await?, [false]);
    }
    if server.vendor() == Vendor::Valkey && server.version() >= (8, 0, 0) {
        let error = client.script_show::<String>(script.sha1()).await.unwrap_err();
        assert!(matches!(&error, Error::Server { error, .. } if error.code() == "NOSCRIPT"), "{error}");
    }
    Ok(())
}

#[tokio::test]
async fn every_row_was_run() {
    in_both_protocols(async |server, client| {
        sources(server, client).await?;
        by_sha1(server, client).await?;
        reading(server, client).await?;
        flushing(server, client).await?;
        super::functions::libraries(server, client).await?;
        assert_all_ran(server, "scripting").await;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn one_script_serves_many_tasks() {
    let (_server, client) = client().await;
    let add = Arc::new(add());
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let (client, add) = (client.clone(), add.clone());
            tokio::spawn(async move {
                for _ in 0..25 {
                    client.pipeline().script(&add, "hits", 1).execute().await.unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(client.get::<i64>("hits").await.unwrap(), Some(200));
}

#[test]
fn a_script_shows_its_sha1_and_not_its_source() {
    let script = Script::<i64>::new("return 1");
    assert_eq!(script.sha1(), "e0e1f9fabfc9d4800c877a703b823ac0578ff8db");
    assert_eq!(format!("{script:?}"), "Script(\"e0e1f9fabfc9d4800c877a703b823ac0578ff8db\")");
    assert_eq!(script.clone().source(), "return 1");
}
