//! The kinds of work, the same for every client.

use crate::{
    clients::{Client, floor},
    data,
};
use std::hint::black_box;

/// One kind of work.
#[derive(Clone, Copy, Debug)]
pub enum Work {
    /// A number of SETs and then as many GETs in one pipeline. The unit is one command.
    Pairs {
        pairs: usize,
        atomic: bool,
    },
    /// MULTI, SET, INCR, GET, EXEC by concurrent tasks over one client. The unit is one transaction.
    Small {
        tasks: usize,
    },
    /// GETs of so many keys in one pipeline. The unit is one command.
    Gets(usize),
    /// One MGET of so many keys. The unit is one key.
    Mget(usize),
    /// WATCH, GET, MULTI, SET, EXEC on one key by concurrent tasks, retried on a conflict. The unit is one committed
    /// increment.
    Increment {
        tasks: usize,
    },
    /// One LRANGE of a list of this length.
    Lrange(usize),
    /// One HGETALL of a hash with this number of fields.
    Hgetall(usize),
    /// One SET or GET of a value of 1 MiB.
    Set,
    Get,
    /// A DEL and XADDs of so many structs to one stream, in one pipeline. The unit is one entry.
    Xadd(usize),
    /// One XREADGROUP of so many structs, behind XGROUP SETID in one pipeline. The unit is one entry.
    Xreadgroup(usize),
    /// One GEOSEARCH of so many members, with their distances. The unit is one member.
    Geosearch(usize),
    /// HGETALLs of so many structs in one pipeline. The unit is one hash.
    Structs(usize),
    /// One JSON.GET of a document of 10 kB into a struct.
    Json,
}

const LARGE: usize = 1 << 20;

impl Work {
    /// Reads a name such as `pairs-100`.
    pub fn parse(name: &str) -> Option<Work> {
        let (kind, number) = name.rsplit_once('-').unwrap_or((name, ""));
        let number = || number.parse().ok();
        Some(match kind {
            "pairs" => Work::Pairs { pairs: number()?, atomic: false },
            "atomic" => Work::Pairs { pairs: number()?, atomic: true },
            "small" => Work::Small { tasks: number()? },
            "gets" => Work::Gets(number()?),
            "mget" => Work::Mget(number()?),
            "increment" => Work::Increment { tasks: number()? },
            "lrange" => Work::Lrange(number()?),
            "hgetall" => Work::Hgetall(number()?),
            "xadd" => Work::Xadd(number()?),
            "xreadgroup" => Work::Xreadgroup(number()?),
            "geosearch" => Work::Geosearch(number()?),
            "structs" => Work::Structs(number()?),
            "json" => Work::Json,
            "set" => Work::Set,
            "get" => Work::Get,
            _ => return None,
        })
    }

    /// Writes the data that the work reads.
    pub async fn fill<C: Client>(self, client: &C, url: &str) {
        let mut client = client.clone();
        match self {
            Work::Lrange(count) => client.fill_list("list", &texts("element", count)).await,
            Work::Hgetall(count) => client.fill_hash("hash", &texts("field", count)).await,
            Work::Gets(count) | Work::Mget(count) => client.fill(&texts("key", count), &texts("value", count)).await,
            Work::Get => client.set("large", &vec![b'x'; LARGE]).await,
            Work::Xreadgroup(count) => floor::send(url, &data::stream(count)).await,
            Work::Geosearch(count) => floor::send(url, &data::places(count)).await,
            Work::Structs(count) => floor::send(url, &data::hashes(&texts("order", count))).await,
            Work::Json => floor::send(url, &data::document()).await,
            _ => {}
        }
    }

    /// Does the work `repeats` times and returns the number of units.
    pub async fn run<C: Client>(self, client: &C, repeats: usize) -> usize {
        match self {
            Work::Pairs { pairs, atomic } => run_pairs(client.clone(), pairs, atomic, repeats).await,
            Work::Small { tasks } => run_small(client, tasks, repeats).await,
            Work::Gets(count) => run_reads(client.clone(), count, repeats, true).await,
            Work::Mget(count) => run_reads(client.clone(), count, repeats, false).await,
            Work::Increment { tasks } => run_increments(client, tasks, repeats).await,
            Work::Xadd(_) | Work::Xreadgroup(_) | Work::Geosearch(_) | Work::Structs(_) | Work::Json => {
                run_typed(client.clone(), self, repeats).await
            }
            single => run_single(client.clone(), single, repeats).await,
        }
    }
}

async fn run_pairs<C: Client>(mut client: C, pairs: usize, atomic: bool, repeats: usize) -> usize {
    let (keys, values) = (texts("key", pairs), texts("value", pairs));
    for _ in 0..repeats {
        let replies = client.pairs(&keys, &values, atomic).await;
        assert_eq!(replies.len(), pairs);
        black_box(replies);
    }
    2 * pairs * repeats
}

async fn run_reads<C: Client>(mut client: C, count: usize, repeats: usize, pipelined: bool) -> usize {
    let keys = texts("key", count);
    for _ in 0..repeats {
        let values = if pipelined { client.gets(&keys).await } else { client.mget(&keys).await };
        assert_eq!(values.len(), count);
        black_box(values);
    }
    count * repeats
}

async fn run_small<C: Client>(client: &C, tasks: usize, repeats: usize) -> usize {
    let each = repeats.div_ceil(tasks);
    let client = if tasks > 1 { client.crowd().await } else { client.clone() };
    let running: Vec<_> = (0..tasks)
        .map(|task| {
            let mut client = client.clone();
            tokio::spawn(async move {
                // Of one slot, as a cluster needs it.
                let (key, counter) = (format!("k{{{task}}}"), format!("c{{{task}}}"));
                for _ in 0..each {
                    black_box(client.small(&key, &counter).await);
                }
            })
        })
        .collect();
    for task in running {
        task.await.expect("the task ends");
    }
    each * tasks
}

async fn run_increments<C: Client>(client: &C, tasks: usize, repeats: usize) -> usize {
    let each = repeats.div_ceil(tasks);
    let mut running = Vec::new();
    for _ in 0..tasks {
        let mut own = client.own().await;
        running.push(tokio::spawn(async move {
            for _ in 0..each {
                C::increment(&mut own, "sequence").await;
            }
        }));
    }
    for task in running {
        task.await.expect("the task ends");
    }
    each * tasks
}

async fn run_single<C: Client>(mut client: C, work: Work, repeats: usize) -> usize {
    let value = vec![b'x'; LARGE];
    for _ in 0..repeats {
        match work {
            Work::Set => client.set("large", &value).await,
            Work::Get => assert_eq!(client.get("large").await, LARGE),
            Work::Lrange(count) => assert_eq!(black_box(client.lrange("list").await).len(), count),
            Work::Hgetall(count) => assert_eq!(black_box(client.hgetall("hash").await).len(), count),
            _ => unreachable!("only single commands"),
        }
    }
    repeats
}

/// Work whose arguments and replies have types of their own.
async fn run_typed<C: Client>(mut client: C, work: Work, repeats: usize) -> usize {
    let (mut orders, mut keys) = (Vec::new(), Vec::new());
    let count = match work {
        Work::Xadd(count) => {
            orders = data::orders(count);
            count
        }
        Work::Structs(count) => {
            keys = texts("order", count);
            count
        }
        Work::Xreadgroup(count) | Work::Geosearch(count) => count,
        _ => data::catalog().articles.len(),
    };
    for _ in 0..repeats {
        let found = match work {
            Work::Xadd(_) => client.xadd(&orders).await,
            Work::Xreadgroup(_) => client.xreadgroup(count).await,
            Work::Geosearch(_) => client.geosearch(count).await,
            Work::Structs(_) => client.structs(&keys).await,
            _ => client.json().await,
        };
        assert_eq!(found, count);
    }
    if matches!(work, Work::Json) { repeats } else { count * repeats }
}

fn texts(prefix: &str, count: usize) -> Vec<String> {
    (0..count).map(|number| format!("{prefix}:{number:06}")).collect()
}
