//! Libraries of functions: those that typedis loads by itself, and the commands on libraries.

use crate::support::rows::{has, in_both_protocols};
use crate::support::{calls, client, seen};
use typedis::{
    Client, Error, Outcome, Result,
    commands::scripting::{Function, FunctionListOptions, Library, RestorePolicy},
    hlist_pat,
    options::flag::{FlushAsync, FlushSync},
    pipeline,
    prelude::*,
};
use typedis_testing::Server;

const SOURCE: &str = "#!lua name=shop
redis.register_function('add', function(keys, args) return redis.call('INCRBY', keys[1], args[1]) end)
redis.register_function{
    function_name = 'look',
    callback = function(keys) return redis.call('GET', keys[1]) end,
    flags = {'no-writes'},
    description = 'The stock.'
}";

fn add() -> Function<i64> {
    Library::new(SOURCE).function("add")
}

fn have_functions(server: &Server) -> bool {
    has(server, (7, 0, 0), "FUNCTION")
}

#[tokio::test]
async fn a_function_runs_by_itself_in_a_queue_and_while_watching() {
    in_both_protocols(async |server, client| {
        if !have_functions(server) {
            return Ok(());
        }
        let add = add();
        let look = Library::new(SOURCE).function::<Option<i64>>("look").read_only();
        assert_eq!(client.function(&add, "stock", 2).await?, 2);
        assert_eq!(client.function_ro(&look, "stock", ()).await?, Some(2));
        let hlist_pat![five, read] =
            client.pipeline().function(&add, "stock", 3).function_ro(&look, "none", ()).execute().await?;
        assert_eq!((five, read), (5, None));
        let (six, left) = pipeline! { client => function(&add, "stock", 1); get::<i64>("stock") }?;
        assert_eq!((six, left), (6, Some(6)));

        let mut tx = client.pipeline().watch("stock").await?;
        assert_eq!(tx.function(&add, "other", 1).await?, 1);
        let Outcome::Committed(hlist_pat![seven]) = tx.multi().function(&add, "stock", 1).execute().await? else {
            panic!("nobody else wrote the key");
        };
        assert_eq!(seven, 7);
        let replies = client
            .pipeline()
            .without_transaction()
            .function(&add, "stock", 1)
            .function(&add, "stock", 1)
            .execute()
            .await?;
        assert_eq!(replies, typedis::hlist![8, 9]);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_library_is_loaded_once_and_before_multi() {
    let (server, client) = client().await;
    if !have_functions(&server) {
        return;
    }
    let add = add();
    let monitor = server.monitor().await;
    for _ in 0..3 {
        client.pipeline().set("a", 1).function(&add, "a", 1).execute().await.unwrap();
    }
    let seen = seen(monitor, &server).await;
    let place = |name: &str| seen.iter().position(|command| command.starts_with(name));
    let (load, multi, run) = (place("function load"), place("multi"), place("fcall"));
    assert!(load.is_some() && load < multi && multi < run, "{seen:#?}");
    assert_eq!(calls(&server, "function|load").await, 1);
}

#[tokio::test]
async fn a_library_that_the_server_has_stays_as_it_is() {
    in_both_protocols(async |server, client| {
        if !have_functions(server) {
            return Ok(());
        }
        let newer = "#!lua name=shop\nredis.register_function('add', function() return -1 end)";
        assert_eq!(client.function_load(newer).await?, "shop");
        assert_eq!(client.function(&add(), "stock", 1).await?, -1);
        assert_eq!(client.function_load_replace(SOURCE).await?, "shop");
        assert_eq!(client.function(&add(), "stock", 1).await?, 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_library_whose_function_another_one_has_is_an_error_and_runs_none() {
    let (server, client) = client().await;
    if !have_functions(&server) {
        return;
    }
    client.function_load("#!lua name=a\nredis.register_function('f', function() return 'of a' end)").await.unwrap();
    let of_b = Library::new("#!lua name=b\nredis.register_function('f', function() return 'of b' end)");
    let error = client.function(&of_b.function::<String>("f"), "key", ()).await.unwrap_err();
    assert!(matches!(error, Error::Server { .. }) && !error.may_have_run(), "{error:?}");
}

#[tokio::test]
async fn a_library_that_another_client_deleted_is_loaded_again_after_one_error() {
    in_both_protocols(async |server, client| {
        if !have_functions(server) {
            return Ok(());
        }
        let other = Client::connect(&server.url()).await?;
        let add = add();
        client.function(&add, "stock", 1).await?;
        other.function_delete("shop").await?;
        let error = client.function(&add, "stock", 1).await.unwrap_err();
        assert!(error.to_string().contains("Function not found"), "{error}");
        assert_eq!(client.function(&add, "stock", 1).await?, 2);

        other.function_flush().await?;
        client.pipeline().function(&add, "stock", 1).execute().await.unwrap_err();
        assert_eq!(client.pipeline().function(&add, "stock", 1).execute().await?, typedis::hlist![3]);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_library_that_does_not_compile_stops_the_transaction_before_anything_ran() {
    in_both_protocols(async |server, client| {
        if !have_functions(server) {
            return Ok(());
        }
        let broken: Function<i64> = Library::new("#!lua name=broken\nnonsense(").function("f");
        let error = client.pipeline().set("a", 1).function(&broken, "a", ()).execute().await.unwrap_err();
        assert!(matches!(&error, Error::Server { at, .. } if at.name == "FUNCTION LOAD"), "{error}");
        assert!(!error.may_have_run());
        assert_eq!(client.get::<i64>("a").await?, None);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_function_that_writes_is_refused_as_one_that_reads() {
    in_both_protocols(async |server, client| {
        if !have_functions(server) {
            return Ok(());
        }
        let error = client.function_ro(&add().read_only(), "stock", 1).await.unwrap_err();
        assert!(matches!(&error, Error::Server { at, .. } if at.name == "FCALL_RO"), "{error}");
        assert_eq!(client.exists("stock").await?, 0);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn libraries_are_listed_dumped_and_restored() {
    in_both_protocols(libraries).await;
}

/// Runs every command on libraries.
pub(super) async fn libraries(server: &Server, client: &Client) -> Result<()> {
    if !have_functions(server) {
        return Ok(());
    }
    client.function_flush().await?;
    assert!(client.function_list().await?.is_empty());
    assert_eq!(client.function_load(SOURCE).await?, "shop");
    assert_eq!(client.fcall::<i64>("add", "stock", 5).await? - client.fcall_ro::<i64>("look", "stock", ()).await?, 0);

    let listed = client.function_list().await?;
    assert_eq!((listed.len(), listed[0].name.as_str(), listed[0].engine.as_str()), (1, "shop", "LUA"));
    assert_eq!(listed[0].code, None);
    let look = listed[0].functions.iter().find(|function| function.name == "look").expect("it is registered");
    assert_eq!((look.description.as_deref(), &look.flags[..]), (Some("The stock."), &["no-writes".to_owned()][..]));
    let add = listed[0].functions.iter().find(|function| function.name == "add").expect("it is registered");
    assert_eq!((add.description.as_deref(), add.flags.len()), (None, 0));
    let listed = client.function_list_with(FunctionListOptions::libraryname("s*").withcode()).await?;
    assert_eq!(listed[0].code.as_deref(), Some(SOURCE.as_bytes()));
    assert!(client.function_list_with(FunctionListOptions::libraryname("x*")).await?.is_empty());

    let stats = client.function_stats().await?;
    assert_eq!(stats.running_script, None);
    let lua = stats.engines.iter().find(|(name, _)| name == "LUA").map(|(_, engine)| engine.clone());
    assert_eq!(lua.map(|engine| (engine.libraries, engine.functions)), Some((1, 2)));

    let dump: Vec<u8> = client.function_dump().await?;
    client.function_restore(&dump[..]).await.unwrap_err();
    for policy in [RestorePolicy::Replace, RestorePolicy::Flush] {
        client.function_restore_with(&dump[..], policy).await?;
    }
    client.function_restore_with(&dump[..], RestorePolicy::Keep).await.unwrap_err();
    client.function_delete("shop").await?;
    client.function_restore(&dump[..]).await?;
    client.function_flush_with(FlushAsync).await?;
    client.function_flush_with(FlushSync).await?;
    client.function_delete("shop").await.unwrap_err();

    let nothing = |error: Error| matches!(error, Error::Server { error, .. } if error.code() == "NOTBUSY");
    assert!(nothing(client.function_kill().await.unwrap_err()));
    assert!(nothing(client.script_kill().await.unwrap_err()));
    Ok(())
}

#[tokio::test]
async fn a_function_that_runs_is_told_and_killed() {
    in_both_protocols(async |server, client| {
        if !have_functions(server) {
            return Ok(());
        }
        client.config_set("busy-reply-threshold", 1).await?;
        let spin: Function<()> =
            Library::new("#!lua name=endless\nredis.register_function('spin', function() while true do end end)")
                .function("spin");
        let other = Client::connect(&server.url()).await?;
        let (spun, told) = tokio::join!(client.function(&spin, (), ()), async {
            loop {
                // Before the server is busy, it replies that nothing runs.
                if let Some(running) = other.function_stats().await?.running_script {
                    other.function_kill().await?;
                    return Ok::<_, Error>(running);
                }
            }
        });
        let told = told?;
        assert_eq!((told.name.as_str(), told.command.len()), ("spin", 3));
        assert!(spun.unwrap_err().to_string().contains("killed"), "the function has ended by itself");
        Ok(())
    })
    .await;
}
