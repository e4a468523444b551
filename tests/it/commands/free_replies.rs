//! Replies of any shape: each type that compiles reads what a script returns for it, by every row with a free reply.

use crate::support::rows::{has, in_both_protocols};
use bytes::Bytes;
use std::{fmt::Debug, sync::Arc};
use typedis::{
    Client, HashFields, Result, Script, Value, hlist_pat,
    prelude::*,
    reply::{Any, FromReply},
};
use typedis_testing::Server;

typedis::commands! {
    /// A row of this test.
    trait OwnCommands in own;

    /// Runs `source` on no keys, and returns its reply or null.
    fn eval_perhaps<T: FromReply<Any>>(source: &str) -> Nullable<Any> as Option<T>
        = "EVAL" (source, "0") as EvalPerhaps {
            since: redis "2.6.0", arity: -3, access: ReadWrite, effect: Preserves, route: AnyNode
        };

    /// Runs `source` on no keys, and returns its list.
    fn eval_list<T: FromReply<Any>>(source: &str) -> Array<Any> as Vec<T>
        = "EVAL" (source, "0") as EvalList {
            since: redis "2.6.0", arity: -3, access: ReadWrite, effect: Preserves, route: AnyNode
        };
}

#[derive(Clone, Debug, PartialEq, HashFields)]
struct Account {
    name: String,
    picture: Option<Vec<u8>>,
}

/// Asserts that `script` returns `value` as a `T`, by each way to run it.
async fn returns<T>(server: &Server, client: &Client, script: &str, value: T)
where
    T: FromReply<Any> + PartialEq + Debug + 'static,
{
    let what = format!("{} from {script}", std::any::type_name::<T>());
    let by = |result: Result<T>| result.unwrap_or_else(|error| panic!("{what}: {error}"));
    assert_eq!(by(client.eval::<T>(script, (), ()).await), value, "{what}");
    let loaded: Script<T> = Script::new(script);
    assert_eq!(by(client.script(&loaded, (), ()).await), value, "{what}");
    assert_eq!(by(client.evalsha::<T>(loaded.sha1(), (), ()).await), value, "{what}");
    let hlist_pat![first, second] =
        client.pipeline().script(&loaded, (), ()).eval::<T>(script, (), ()).execute_each().await.unwrap();
    assert_eq!((by(first), by(second)), (value, by(client.eval::<T>(script, (), ()).await)), "{what}");
    if server.version() >= (7, 0, 0) && !script.contains("HSET") {
        let again = by(client.eval_ro::<T>(script, (), ()).await);
        assert_eq!(again, by(client.script_ro(&loaded.read_only(), (), ()).await), "{what}");
    }
}

#[tokio::test]
async fn every_type_reads_what_a_script_returns_for_it() {
    in_both_protocols(async |server, client| {
        macro_rules! returns {
            ($($type:ty: $($script:literal => $value:expr),+;)*) => {$($(
                returns::<$type>(server, client, $script, $value).await;
            )+)*};
        }
        let bytes = |text: &str| text.as_bytes().to_vec();
        client.hset("hash", [("name", "Ada"), ("picture", "\0\u{7f}")]).await?;
        let ada = || Account { name: "Ada".into(), picture: Some(bytes("\0\u{7f}")) };
        let pairs = || vec![("name".to_owned(), bytes("Ada")), ("picture".to_owned(), bytes("\0\u{7f}"))];
        returns! {
            // Bytes are a string; a list of them is an array of strings, and an array of numbers is bytes, too.
            Vec<u8>: "return 'abc'" => bytes("abc"), "return '\\255\\0'" => vec![255, 0], "return ''" => vec![],
                "return {1, 2, 255}" => vec![1, 2, 255], "return {}" => vec![], "return 12" => bytes("12"),
                "return redis.status_reply('fine')" => bytes("fine");
            Option<Vec<u8>>: "return 'abc'" => Some(bytes("abc")), "return false" => None;
            Vec<Vec<u8>>: "return {'a', 'bc'}" => vec![bytes("a"), bytes("bc")], "return {{1, 2}}" => vec![vec![1, 2]];
            Vec<Option<Vec<u8>>>: "return {'a', false}" => vec![Some(bytes("a")), None];
            (Vec<u8>, i64): "return {'a', 1}" => (bytes("a"), 1);
            (Vec<u8>, Option<Vec<u8>>, Vec<Vec<u8>>): "return {'a', false, {'b'}}" => (bytes("a"), None, vec![bytes("b")]);
            Option<(Vec<u8>, Vec<u8>)>: "return {'a', 'b'}" => Some((bytes("a"), bytes("b")));
            // Pairs are keys and values in turn, or arrays of two, or a map.
            Vec<(String, Vec<u8>)>: "return redis.call('HGETALL', 'hash')" => pairs(),
                "return {{'name', 'Ada'}, {'picture', '\\0\\127'}}" => pairs(), "return {}" => vec![],
                "return {map = {a = 'b'}}" => vec![("a".to_owned(), bytes("b"))];
            Option<Vec<(String, i64)>>: "return {'a', 1}" => Some(vec![("a".to_owned(), 1)]), "return nil" => None;
            Vec<(i64, i64)>: "return {1, 2, 3, 4}" => vec![(1, 2), (3, 4)], "return {{1, 2}}" => vec![(1, 2)];
            Vec<(i64, i64, i64)>: "return {{1, 2, 3}}" => vec![(1, 2, 3)];
            Account: "return redis.call('HGETALL', 'hash')" => ada();
            Vec<Account>: "return {redis.call('HGETALL', 'hash')}" => vec![ada()];
            u8: "return 7" => 7, "return '7'" => 7;
            i8: "return -7" => -7; u16: "return 7" => 7; i16: "return 7" => 7; u32: "return 7" => 7; i32: "return 7" => 7;
            u64: "return 7" => 7; i64: "return 7" => 7; usize: "return 7" => 7; isize: "return 7" => 7;
            i128: "return 7" => 7; u128: "return '18446744073709551616'" => 1 << 64;
            f64: "return '2.5'" => 2.5, "return 2" => 2.0; f32: "return '2.5'" => 2.5;
            bool: "return true" => true, "return false" => false, "return 1" => true;
            Vec<bool>: "return {true, false, 0}" => vec![true, false, false];
            (): "return" => (), "return 'x'" => (), "return {1}" => ();
            String: "return 'a'" => "a".to_owned(), "return 1" => "1".to_owned();
            Box<str>: "return 'a'" => "a".into(); Arc<str>: "return 'a'" => "a".into();
            Bytes: "return 'a'" => Bytes::from("a");
            Option<u8>: "return nil" => None; Vec<Option<u8>>: "return {1, false}" => vec![Some(1), None];
            (i64,): "return {1}" => (1,);
            (i64, i64, i64, i64, i64, i64): "return {1, 2, 3, 4, 5, 6}" => (1, 2, 3, 4, 5, 6);
            Value: "return {1}" => Value::Array(vec![Value::Integer(1)]);
            Vec<Value>: "return {1}" => vec![Value::Integer(1)];
        }
        assert!(client.eval_list::<f32>("return {'1e300'}").await.is_err(), "an `f32` of 1e300 would be infinite");
        assert_eq!(client.eval_perhaps::<Vec<u8>>("return 'abc'").await?, Some(bytes("abc")));
        assert_eq!(client.eval_perhaps::<Vec<u8>>("return nil").await?, None);
        assert_eq!(client.eval_list::<Vec<u8>>("return {'abc'}").await?, [bytes("abc")]);
        assert_eq!(client.eval_list::<u8>("return {1, 2}").await?, [1, 2]);
        if has(server, (7, 0, 0), "a double of a script") {
            returns! { f64: "return {double = 2.5}" => 2.5; Vec<(u8, f64)>: "return {1, {double = 2.5}}" => vec![(1, 2.5)]; }
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_a_type_cannot_hold_is_an_error_of_its_command_alone() {
    in_both_protocols(async |_, client| {
        let hlist_pat![big, odd, null, five] = client
            .pipeline()
            .eval::<Vec<u8>>("return {1, 256}", (), ())
            .eval::<Vec<(i64, i64)>>("return {1, 2, 3}", (), ())
            .eval::<Vec<u8>>("return nil", (), ())
            .eval::<i64>("return 5", (), ())
            .execute_each()
            .await?;
        assert!(big.unwrap_err().to_string().contains("`256`, which does not fit into `u8`"));
        assert!(odd.unwrap_err().to_string().contains("pairs"));
        assert!(null.unwrap_err().to_string().contains("null"));
        assert_eq!(five?, 5);
        Ok(())
    })
    .await;
}
