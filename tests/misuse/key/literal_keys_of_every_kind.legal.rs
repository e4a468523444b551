use typedis::{Client, commands::geo::Position, pipeline};

pub async fn example(client: &Client) -> typedis::Result<()> {
    let _replies = pipeline! { client =>
        append("k", 1);
        strlen("k");
    }?;
    let _replies = pipeline! { client =>
        rpush("k", 1);
        llen("k");
        sort::<String>("k");
    }?;
    let _replies = pipeline! { client =>
        sadd("k", 1);
        scard("k");
        sort::<String>("k");
        zunion::<String>("k");
    }?;
    let _replies = pipeline! { client =>
        zadd("k", (1, 1));
        zcard("k");
        sort::<String>("k");
        zunion::<String>("k");
    }?;
    let _replies = pipeline! { client =>
        hset("k", (1, 1));
        hlen("k");
    }?;
    let _replies = pipeline! { client =>
        vadd("k", [1.0_f32], "a");
        vcard("k");
    }?;
    let _replies = pipeline! { client =>
        arset("k", 0, "a");
        arlen("k");
    }?;
    let _replies = pipeline! { client =>
        geoadd("k", (Position::new(1.0, 2.0), "a"));
        zcard("k");
        setbit("bits", 7, true);
        pfadd("bits", "a");
    }?;
    let _replies = pipeline! { client =>
        xadd("k", (1, 1));
        xlen("k");
    }?;
    Ok(())
}

fn main() {}
