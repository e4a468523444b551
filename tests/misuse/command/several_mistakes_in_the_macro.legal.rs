use typedis::{key::List, pipeline, Client, Key};

const JOBS: Key<List<String>> = Key::new("jobs");

pub async fn example(client: &Client) -> typedis::Result<()> {
    let _replies = pipeline! { client =>
        get::<String>("name");
        set("name", "Ada");
        lpush(JOBS, "sweep");
        incrby("hits", 1);
        lpop(JOBS);
        llen(JOBS);
        each([1, 2], |p, n| p.incrby("hits", n));
        when(true, |p| p.get::<String>("name"));
    }?;
    Ok(())
}

fn main() {}
