use typedis::{Client, pipeline};

pub async fn example(client: &Client, job: &str) -> typedis::Result<()> {
    pipeline! { client =>
        lpush("a", 1);
        incr("a"); //~ ERROR WRONGTYPE: this key is a_list by now, and `Incr` wants a_string
        //~^ AT "a"
        //~| HELP certain to fail: nothing can come between the commands of one block
        //~| HELP use another key, or remove this one in between: `del(key)`
        incr("a"); //~ ERROR WRONGTYPE: this key is a_list by now
        llen("a");
    }?;
    // The commands in between leave the key alone, also those whose key is an expression.
    let _replies = pipeline! { client =>
        set("b", job);
        llen(job);
        del("a");
        expire("c", 5);
        get::<String>("b");
        lmove::<String>("d", "b", typedis::options::Side::Left, typedis::options::Side::Left);
        each([1, 2], |p, n| p.rpush("b", n));
        hget::<String>(r#"b"#, "field"); //~ ERROR WRONGTYPE: this key is a_string by now
        //~^ AT r#"b"#
    }?;
    // The second key is checked if the command certainly reads it; the destination of a store never is.
    pipeline! { client =>
        sadd("s", 1);
        sunionstore("s", "t");
        zadd("t", (1, "m"));
        sunionstore("s", "t"); //~ ERROR WRONGTYPE: this key is a_sorted_set by now, and `Sunionstore` wants a_set
        //~^ AT "t"
    }?;
    Ok(())
}

pub fn prepared() -> typedis::Prepared<(i64, u64)> {
    pipeline! { incr("a"); llen("a") } //~ ERROR WRONGTYPE: this key is a_string by now, and `Llen` wants a_list
}

pub async fn watched(client: &Client) -> typedis::Result<()> {
    pipeline! { client =>
        watch("a");
        let length = llen("a")?;
        multi();
        hset("a", ("length", length));
        llen("a"); //~ ERROR WRONGTYPE: this key is a_hash by now, and `Llen` wants a_list
    }?;
    Ok(())
}

fn main() {}
