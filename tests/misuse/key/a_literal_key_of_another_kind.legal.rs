use typedis::{key::Str, options::{SetOptions, Side}, pipeline, Client, Key};

const A: &str = "a";
const COUNTER: Key<Str<i64>> = Key::new("a");

/// Commands that may work on some server at some time are accepted.
pub async fn example(client: &Client, job: &str) -> typedis::Result<()> {
    // The command works on a missing key.
    pipeline! { client => llen("a"); incr("a") }?;
    pipeline! { client => lpop::<String>("a"); incr("a") }?;
    // A command in between may have removed or overwritten the key.
    pipeline! { client => lpush("a", 1); del("a"); incr("a") }?;
    pipeline! { client => lpush("a", 1); del(job); incr("a") }?;
    pipeline! { client => lpush("a", 1); del(["b", "a"]); incr("a") }?;
    pipeline! { client => lpush("a", 1); flushdb(); incr("a") }?;
    pipeline! { client => lpush("a", 1); rename("a", "b"); incr("a") }?;
    pipeline! { client => lpush("a", 1); rename("b", "a"); incr("a") }?;
    pipeline! { client => lpush("a", 1); set("a", 1); incr("a") }?;
    pipeline! { client => lpush("a", 1); set(job, 1); incr("a") }?;
    pipeline! { client => lpush("a", 1); mset([("a", 1)]); incr("a") }?;
    pipeline! { client => lpush("a", 1); eval::<i64>("return 1", (), ()); incr("a") }?;
    pipeline! { client => lpush("a", 1); lpop::<String>("a"); incr("a") }?;
    pipeline! { client => lpush("a", 1); expire("a", 0); incr("a") }?;
    pipeline! { client => sadd("a", 1); sinterstore("a", "b"); incr("a") }?;
    pipeline! { client => lpush("a", 1); each(["a"], |p, key| p.del(key)); incr("a") }?;
    pipeline! { client => lpush("a", 1); when(true, |p| p.del("a")); incr("a") }?;
    // The command accepts any kind of key.
    pipeline! { client => lpush("a", 1); mget::<String>("a"); setnx("a", 1); type_of("a"); dump("a") }?;
    pipeline! { client => lpush("a", 1); set_with("a", 1, SetOptions::new().nx()) }?;
    pipeline! { client => set("a", 1); smove("b", "a", "member") }?;
    pipeline! { client => set("a", 1); lmove::<String>("b", "a", Side::Left, Side::Right) }?;
    pipeline! { client => set("a", 1); lpop_count::<String>("a", 0) }?;
    pipeline! { client => set("a", 1); sunionstore("a", "b"); sort_store("b", "a") }?;
    // Values are no keys, and keys that are expressions are not tracked.
    pipeline! { client => lpush("b", "a"); incr("a"); append("c", "a"); llen("b") }?;
    pipeline! { client => lpush("a", 1); incr(A) }?;
    pipeline! { client => lpush(A, 1); incr(A) }?;
    pipeline! { client => lpush("a", 1); incr(COUNTER) }?;
    pipeline! { client => lpush("a", 1); incr(format!("a")); when(true, |p| p.incr("a")) }?;
    // Only one block is one transaction; without a transaction, other clients may come between.
    pipeline! { client => lpush("a", 1) }?;
    pipeline! { client.pipeline().without_transaction() => lpush("a", 1); incr("a") }?;
    Ok(())
}

pub async fn watched(client: &Client) -> typedis::Result<()> {
    pipeline! { client =>
        watch("a");
        let length = llen("a")?;
        del("a").await?;
        multi();
        hset("a", ("length", length));
    }?;
    Ok(())
}

fn main() {}
