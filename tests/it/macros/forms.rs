//! Every form of `pipeline!` without `watch`, with the type of its value. Those with `watch` are in `watching`.

use crate::support::{client, seen};
use std::{collections::HashMap, sync::Arc};
use typedis::{Client, Error, Outcome, Prepared, pipeline, prelude::*};

#[tokio::test]
async fn buffered_commands_go_in_and_one_typed_tuple_comes_out() {
    let (_server, client) = client().await;
    let (flushed, foo, bar, mut keys) = pipeline! { client =>
        flushdb();
        set("foo", "bar");
        set("bar", "foo");
        keys::<Vec<String>>("*");
    }
    .unwrap();
    keys.sort();
    assert_eq!((flushed, foo, bar, keys), ((), (), (), vec!["bar".to_owned(), "foo".to_owned()]));
}

#[tokio::test]
async fn the_result_is_a_tuple_however_many_commands_there_are() {
    let (_server, client) = client().await;
    let none: typedis::Result<()> = pipeline! { client => };
    let one: typedis::Result<(i64,)> = pipeline! { client => incr("a") };
    let two: typedis::Result<(i64, Option<String>)> = pipeline! { client => incr("a"); get::<String>("a") };
    assert_eq!((none.unwrap(), one.unwrap(), two.unwrap()), ((), (1,), (2, Some("2".to_owned()))));
}

#[tokio::test]
async fn forty_commands_fit_into_one_tuple() {
    let (_server, client) = client().await;
    let all = pipeline! { client =>
        incr("n"); incr("n"); incr("n"); incr("n"); incr("n"); incr("n"); incr("n"); incr("n"); incr("n"); incr("n");
        incr("n"); incr("n"); incr("n"); incr("n"); incr("n"); incr("n"); incr("n"); incr("n"); incr("n"); incr("n");
        incr("n"); incr("n"); incr("n"); incr("n"); incr("n"); incr("n"); incr("n"); incr("n"); incr("n"); incr("n");
        incr("n"); incr("n"); incr("n"); incr("n"); incr("n"); incr("n"); incr("n"); incr("n"); incr("n"); get::<u8>("n");
    }
    .unwrap();
    assert_eq!((all.0, all.11, all.24, all.38, all.39), (1, 12, 25, 39, Some(39)));
}

#[tokio::test]
async fn a_semicolon_at_the_end_a_leading_multi_and_angle_brackets_change_nothing() {
    let (server, client) = client().await;
    let monitor = server.monitor().await;
    assert_eq!(pipeline! { client => incr("a") }.unwrap(), (1,));
    assert_eq!(pipeline! { client => incr("a"); }.unwrap(), (2,));
    assert_eq!(pipeline! { client => multi(); incr("a") }.unwrap(), (3,));
    assert_eq!(pipeline! { client => < incr("a") > }.unwrap(), (4,));
    assert_eq!(pipeline! { client => < multi(); incr("a"); > }.unwrap(), (5,));
    assert_eq!(pipeline! { < incr("a") > }.execute(&client).await.unwrap(), (6,));
    assert_eq!(pipeline! { multi(); incr("a"); }.execute(&client).await.unwrap(), (7,));
    assert_eq!(pipeline!(client => incr("a")).unwrap(), (8,));
    assert_eq!(pipeline![client => incr("a")].unwrap(), (9,));
    assert_eq!(seen(monitor, &server).await, ["multi", "incr a", "exec"].repeat(9));
}

#[tokio::test]
async fn a_turbofish_may_end_the_body_before_a_closing_angle_bracket() {
    let (_server, client) = client().await;
    let ((), keys) = pipeline! { client => < set("foo", "bar"); keys::<Vec<String>>("f*") > }.unwrap();
    assert_eq!(keys, ["foo"]);
    let (all,) = pipeline! { client => < hgetall::<HashMap<String, Vec<u8>>>("nothing"); > }.unwrap();
    assert!(all.is_empty());
}

#[tokio::test]
async fn a_prepared_batch_is_kept_in_a_struct_and_runs_as_often_as_asked() {
    let (_server, client) = client().await;
    struct App {
        client: Client,
        batch: Prepared<((), Vec<String>)>,
    }
    let key = String::from("foo");
    let batch = pipeline! { set(&key, "bar"); keys::<Vec<String>>("f*") };
    drop(key);
    let app = App { client, batch };
    for _ in 0..3 {
        let ((), keys) = app.batch.execute(&app.client).await.unwrap();
        assert_eq!(keys, ["foo"]);
    }
    let empty: Prepared<()> = pipeline! {};
    empty.execute(&app.client).await.unwrap();
}

#[tokio::test]
async fn before_the_arrow_stands_whatever_leads_to_a_client() {
    let (_server, client) = client().await;
    struct Fields {
        client: Client,
        shared: Arc<Client>,
    }
    let app = Fields { client: client.clone(), shared: client.clone().into() };
    let (borrowed, boxed) = (&client, Box::new(client.clone()));
    let replies = [
        pipeline! { client => incr("n") },
        pipeline! { &client => incr("n") },
        pipeline! { borrowed => incr("n") },
        pipeline! { *borrowed => incr("n") },
        pipeline! { boxed => incr("n") },
        pipeline! { app.client => incr("n") },
        pipeline! { &app.client => incr("n") },
        pipeline! { app.shared => incr("n") },
        pipeline! { client.clone() => incr("n") },
        pipeline! { { let all = [borrowed]; all[0] } => incr("n") },
        pipeline! { client.with_retry(typedis::Retry::new()) => incr("n") },
    ];
    assert_eq!(replies.map(|reply| reply.unwrap().0), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
}

#[tokio::test]
async fn before_the_arrow_stands_a_pipeline_in_any_state() {
    let (server, client) = client().await;
    let monitor = server.monitor().await;
    assert_eq!(pipeline! { client.pipeline() => incr("n") }.unwrap(), (1,));
    assert_eq!(pipeline! { client.pipeline().without_transaction() => incr("n"); incr("n") }.unwrap(), (2, 3));
    let seen = seen(monitor, &server).await;
    assert_eq!(seen, ["multi", "incr n", "exec", "incr n", "incr n"]);

    let watching = client.pipeline().watch("n").await.unwrap();
    let outcome = pipeline! { watching => incr("n") }.unwrap();
    assert_eq!(outcome, Outcome::Committed((4,)));
    let watching = client.pipeline().watch("n").await.unwrap();
    client.incr("n").await.unwrap();
    assert_eq!(pipeline! { watching => incr("n") }.unwrap(), Outcome::Conflict);
}

#[tokio::test]
async fn arguments_are_expressions_borrowed_or_owned() {
    let (_server, client) = client().await;
    let owned = String::from("owned");
    let numbers = [1_i64, 2];
    async fn fetched() -> i64 {
        7
    }
    let ((), text, sum, all, yes, no, awaited) = pipeline! { client =>
        set(&owned, b"bytes".as_slice());
        get::<String>(owned.clone());
        incrby("sum", numbers.iter().sum::<i64>() + if owned.is_empty() { 0 } else { 10 });
        each(numbers, |p, n| p.incrby(format!("each:{n}"), n));
        when(numbers.len() == 2, |p| p.incr("when"));
        when(numbers.len() > 2, |p| p.incr("when"));
        incrby("awaited", fetched().await);
    }
    .unwrap();
    assert_eq!((text.as_deref(), sum, all), (Some("bytes"), 13, vec![1, 2]));
    assert_eq!((yes, no, awaited), (Some(1), None, 7));
    assert_eq!(owned, "owned");
}

#[tokio::test]
async fn names_of_the_caller_do_not_meet_those_of_the_macro() {
    let (_server, client) = client().await;
    let (queue, pipeline, tx, attempts, reply1, replies) = ("queue", 2, 3, 4, "reply1", 6);
    let ((), text, sum) = pipeline! { client =>
        set(reply1, queue);
        get::<String>(reply1);
        incrby("sum", pipeline + tx + attempts + replies);
    }
    .unwrap();
    assert_eq!((text.as_deref(), sum), (Some("queue"), 15));
}

#[tokio::test]
async fn a_failure_names_its_command_and_becomes_the_callers_own_error() {
    #[derive(Debug)]
    struct Mine(Error);
    impl From<Error> for Mine {
        fn from(error: Error) -> Self {
            Mine(error)
        }
    }
    async fn count(client: &Client) -> Result<i64, Mine> {
        let ((), n) = pipeline! { client => set("a", "text"); incr("a") }?;
        Ok(n)
    }
    let (_server, client) = client().await;
    let Mine(error) = count(&client).await.unwrap_err();
    assert!(matches!(&error, Error::Server { at, .. } if (at.number, at.name) == (2, "INCR")), "{error:?}");
}

#[tokio::test]
async fn a_question_mark_in_an_argument_is_the_callers_and_nothing_is_sent_then() {
    async fn store(client: &Client, number: &str) -> Result<(), Box<dyn std::error::Error>> {
        pipeline! { client => incr("before"); set("number", number.parse::<i64>()?) }?;
        Ok(())
    }
    let (server, client) = client().await;
    let monitor = server.monitor().await;
    assert!(store(&client, "twelve").await.unwrap_err().is::<std::num::ParseIntError>());
    store(&client, "12").await.unwrap();
    assert_eq!(seen(monitor, &server).await, ["multi", "incr before", "set number 12", "exec"]);
}

macro_rules! through {
    ($client:expr, $key:expr, $command:ident, $whole:expr) => {
        pipeline! { $client => $command($key); set("through", $key); $whole }
    };
}

#[tokio::test]
async fn the_body_may_come_out_of_a_macro_by_example() {
    let (_server, client) = client().await;
    let (n, (), keys) = through!(client, "key", incr, keys::<Vec<String>>("key")).unwrap();
    assert_eq!((n, keys), (1, vec!["key".to_owned()]));
}

#[tokio::test]
async fn one_may_stand_in_an_argument_of_another() {
    let (_server, client) = client().await;
    let (sum,) = pipeline! { client =>
        incrby("outer", { let (n,) = pipeline! { client => incrby("inner", 5) }.unwrap(); n });
    }
    .unwrap();
    assert_eq!(sum, 5);
}

#[tokio::test]
async fn it_may_be_a_statement_or_the_tail_of_a_block() -> typedis::Result<()> {
    async fn tail(client: &Client) -> typedis::Result<(i64,)> {
        pipeline! { client => incr("tail") }
    }
    let (_server, client) = client().await;
    pipeline! { client => incr("tail") }?;
    pipeline! { client => incr("tail") }.unwrap();
    let _: Prepared<()> = {
        pipeline! {}
    };
    assert_eq!(tail(&client).await?, (3,));
    Ok(())
}

#[tokio::test]
async fn it_runs_in_a_spawned_task() {
    let (_server, client) = client().await;
    let key = String::from("spawned");
    let task = tokio::spawn(async move {
        pipeline! { client => incr(&key); get::<i64>(key) }
    });
    assert_eq!(task.await.unwrap().unwrap(), (1, Some(1)));
}

mod own {
    use typedis::{
        key::{Str, need::Reads},
        reply::{Bulk, FromReply},
    };

    typedis::commands! {
        /// Commands that this application adds.
        pub trait OwnCommands in rows;

        /// Gets and deletes.
        fn take<T: FromReply<Bulk>>(key @ Str<Reads<T>>) -> Nullable<Bulk> as Option<T>
            = "GETDEL" as Take {
            since: redis "6.2.0", arity: 2, access: ReadWrite, effect: MayRemove
        };
    }
}

#[tokio::test]
async fn a_row_of_ones_own_works_in_every_state_and_in_every_form() -> typedis::Result<()> {
    use own::OwnCommands as _;
    let (_server, client) = client().await;
    let store = async || client.set("a", 5).await.unwrap();

    store().await;
    assert_eq!(client.take::<i64>("a").await.unwrap(), Some(5));
    store().await;
    let hlist_pat![one, none] = client.pipeline().take::<i64>("a").take::<String>("a").execute().await.unwrap();
    assert_eq!((one, none), (Some(5), None));
    store().await;
    let mut watching = client.pipeline().watch("guard").await.unwrap();
    assert_eq!(watching.take::<String>("a").await.unwrap().as_deref(), Some("5"));
    store().await;
    let outcome = watching.multi().take::<i64>("a").execute().await.unwrap();
    assert_eq!(outcome, Outcome::Committed(typedis::hlist![Some(5)]));

    store().await;
    let prepared = pipeline! { take::<i64>("a") };
    assert_eq!(prepared.execute(&client).await.unwrap(), (Some(5),));
    assert_eq!(pipeline! { client => take::<i64>("a"); incr("b") }.unwrap(), (None, 1));
    store().await;
    let watched = pipeline! { client =>
        watch("guard");
        let taken = take::<i64>("a")?;
        multi();
        set("a", taken.unwrap_or(0));
        take::<i64>("a");
    };
    assert_eq!(watched?, ((), Some(5)));
    Ok(())
}
