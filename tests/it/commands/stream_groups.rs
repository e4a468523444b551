//! The commands on the consumer groups of streams, each run against a real server, and against a scripted peer what no server at
//! hand has.

use super::streams::{Fields, add, id, ids};
use crate::support::rows::{assert_all_ran, has, in_both_protocols};
use std::sync::{Arc, Mutex};
use typedis::{
    Client, Error, HashFields, Outcome, Result,
    commands::stream::{
        AfterLast, EntryDeletion, NackMode, StreamId, XaddOptions, XcfgsetOptions, XclaimOptions, XgroupCreateOptions,
        XnackOptions, XpendingOptions, XreadOptions, XreadgroupOptions, XsetidOptions,
    },
    hlist_pat,
    key::Stream,
    keyspace,
    options::flag::{Acked, DelRef},
    prelude::*,
};
use typedis_testing::{Fake, Server, Vendor};

#[tokio::test]
async fn every_row_answers_as_declared() {
    in_both_protocols(async |server, client| {
        groups(server, client).await?;
        delivery(client).await?;
        pending(server, client).await?;
        claims(server, client).await?;
        deleted_entries(server, client).await?;
        descriptions(server, client).await?;
        acknowledged_and_removed(server, client).await?;
        the_other_rows(server, client).await?;
        assert_all_ran(server, "stream").await;
        Ok(())
    })
    .await;
}

/// Makes a stream of three entries, `1-0` to `3-0`, with the group `g` at its beginning.
async fn stream(client: &Client, key: &str) -> Result<()> {
    client.del(key).await?;
    for number in 1..=3 {
        add(client, key, id(number, 0), 1).await?;
    }
    client.xgroup_create(key, "g", StreamId::MIN).await
}

async fn groups(server: &Server, client: &Client) -> Result<()> {
    stream(client, "s").await?;
    let again = client.xgroup_create("s", "g", AfterLast).await;
    assert!(matches!(&again, Err(Error::Server { error, .. }) if error.code() == "BUSYGROUP"), "{again:?}");
    let missing = client.xgroup_create("nothing", "g", AfterLast).await;
    assert!(matches!(missing, Err(Error::Server { .. })), "{missing:?}");
    client.xgroup_create_with("made", "g", AfterLast, XgroupCreateOptions::new().mkstream()).await?;
    assert_eq!(client.xlen("made").await?, 0);

    client.xgroup_setid("s", "g", AfterLast).await?;
    assert!(client.xreadgroup::<Fields>("g", "c", "s").await?.is_empty(), "the server says null");
    if has(server, (7, 0, 0), "ENTRIESREAD") {
        client.xgroup_create_with("made", "h", AfterLast, XgroupCreateOptions::new().entriesread(5)).await?;
        client.xgroup_setid_entriesread("s", "g", id(2, 0), 100).await?;
        let more_than_there_are = client.xinfo_groups("s").await?[0].lag;
        assert!(
            more_than_there_are.is_none_or(|lag| lag == 0),
            "some servers say a negative number: {more_than_there_are:?}"
        );
        client.xgroup_setid_entriesread("s", "g", id(2, 0), 2).await?;
        assert_eq!(client.xinfo_groups("s").await?[0].entries_read, Some(2));
    }
    if has(server, (6, 2, 0), "XGROUP CREATECONSUMER") {
        assert!(client.xgroup_createconsumer("s", "g", "new").await?);
        assert!(!client.xgroup_createconsumer("s", "g", "new").await?);
    }
    client.xgroup_setid("s", "g", StreamId::MIN).await?;
    assert_eq!(client.xreadgroup::<Fields>("g", "c", "s").await?.len(), 3);
    assert_eq!(client.xgroup_delconsumer("s", "g", "c").await?, 3);
    assert_eq!(client.xgroup_delconsumer("s", "g", "nobody").await?, 0);
    assert!(client.xgroup_destroy("s", "g").await?);
    assert!(!client.xgroup_destroy("s", "g").await?);
    let no_group = client.xreadgroup::<Fields>("g", "c", "s").await;
    assert!(matches!(&no_group, Err(Error::Server { error, .. }) if error.code() == "NOGROUP"), "{no_group:?}");
    Ok(())
}

async fn delivery(client: &Client) -> Result<()> {
    stream(client, "s").await?;
    let one = XreadgroupOptions::new().count(1);
    let first = client.xreadgroup_with::<Fields, _>("g", "ann", "s", one).await?;
    assert_eq!((ids(&first), &first[0].fields[0].1), (vec![id(1, 0)], &"1".to_owned()));
    let second = client.xreadgroup_block_with::<Fields, _>("g", "ben", 10, "s", one.noack()).await?;
    assert_eq!(ids(&second), [id(2, 0)], "it is not pending, because of NOACK");
    assert_eq!(ids(&client.xreadgroup_block::<Fields>("g", "ann", 0, "s").await?), [id(3, 0)]);
    assert!(client.xreadgroup_block::<Fields>("g", "ann", 10, "s").await?.is_empty());

    let history = client.xreadgroup_history::<Fields>("g", "ann", "s", StreamId::MIN, 0).await?;
    assert_eq!(ids(&history), [id(1, 0), id(3, 0)]);
    let history = client.xreadgroup_history::<Fields>("g", "ann", "s", id(1, 0), 5).await?;
    assert_eq!(ids(&history), [id(3, 0)]);
    assert!(client.xreadgroup_history::<Fields>("g", "ben", "s", StreamId::MIN, 5).await?.is_empty());

    assert_eq!(client.xack("s", "g", [id(1, 0), id(2, 0), id(9, 9)]).await?, 1);
    assert_eq!(client.xack("nothing", "g", id(3, 0)).await?, 0);

    stream(client, "t").await?;
    let all = XreadgroupOptions::new();
    let read = client.xreadgroup_streams::<Fields, _>("g", "ann", ["s", "t"], all.count(2)).await?;
    assert_eq!(
        read.iter().map(|(key, read)| (&key[..], ids(read))).collect::<Vec<_>>(),
        [(&b"t"[..], vec![id(1, 0), id(2, 0)])]
    );
    let read = client.xreadgroup_streams_block::<Fields, _>("g", "ann", 10, ["s", "t"], all).await?;
    assert_eq!(ids(&read[0].1), [id(3, 0)]);
    assert!(client.xreadgroup_streams_block::<Fields, _>("g", "ann", 10, ["s", "t"], all).await?.is_empty());
    Ok(())
}

async fn pending(server: &Server, client: &Client) -> Result<()> {
    stream(client, "s").await?;
    assert_eq!(client.xpending("s", "g").await?, Default::default());
    assert!(client.xpending_range("s", "g", .., 10).await?.is_empty());
    client.xreadgroup_with::<Fields, _>("g", "ann", "s", XreadgroupOptions::new().count(1)).await?;
    client.xreadgroup::<Fields>("g", "ben", "s").await?;

    let all = client.xpending("s", "g").await?;
    assert_eq!((all.count, all.first, all.last), (3, Some(id(1, 0)), Some(id(3, 0))));
    assert_eq!(all.consumers, [("ann".into(), 1), ("ben".into(), 2)]);
    let first = client.xpending_range("s", "g", .., 1).await?;
    assert_eq!((first.len(), first[0].id, first[0].deliveries), (1, id(1, 0), 1));
    assert_eq!(first[0].consumer.as_deref(), Some(&b"ann"[..]));
    assert!(first[0].idle.is_some_and(|idle| idle < 60_000), "{first:?}");
    let of_ben = XpendingOptions::new().consumer("ben");
    let behind = client.xpending_range_with("s", "g", id(3, 0).., 10, of_ben).await?;
    assert_eq!(behind.iter().map(|entry| entry.id).collect::<Vec<_>>(), [id(3, 0)]);
    if has(server, (6, 2, 0), "IDLE of XPENDING") {
        assert!(client.xpending_range_with("s", "g", .., 10, of_ben.idle(60_000)).await?.is_empty());
    }
    let missing = client.xpending("s", "no").await;
    assert!(matches!(&missing, Err(Error::Server { error, .. }) if error.code() == "NOGROUP"), "{missing:?}");
    Ok(())
}

async fn claims(server: &Server, client: &Client) -> Result<()> {
    stream(client, "s").await?;
    client.xreadgroup::<Fields>("g", "ann", "s").await?;
    let taken = client.xclaim::<Fields>("s", "g", "ben", 0, [id(1, 0), id(9, 9)]).await?;
    assert_eq!((ids(&taken), taken[0].fields[0].0.as_str()), (vec![id(1, 0)], "f"));
    assert!(client.xclaim::<Fields>("s", "g", "ben", 60_000, id(2, 0)).await?.is_empty());
    let options = XclaimOptions::new().retrycount(7).idle(90_000);
    assert_eq!(ids(&client.xclaim_with::<Fields>("s", "g", "ben", 0, id(2, 0), options).await?), [id(2, 0)]);
    let second = client.xpending_range("s", "g", id(2, 0)..=id(2, 0), 1).await?;
    assert!(second[0].deliveries == 7 && second[0].idle >= Some(90_000), "{second:?}");
    let long_ago = XclaimOptions::new().time(1).force().lastid(id(3, 0));
    assert_eq!(
        client.xclaim_justid_with("s", "g", "cid", 0, [id(2, 0), id(3, 0)], long_ago).await?,
        [id(2, 0), id(3, 0)]
    );

    assert_eq!(client.xclaim_justid("s", "g", "ben", 0, id(1, 0)).await?, [id(1, 0)]);
    if !has(server, (6, 2, 0), "XAUTOCLAIM") {
        return Ok(());
    }
    let page = client.xautoclaim_count::<Fields>("s", "g", "dan", 0, StreamId::MIN, 2).await?;
    assert_eq!((ids(&page.claimed), page.next), (vec![id(1, 0), id(2, 0)], Some(id(3, 0))));
    let rest = client.xautoclaim_justid_count("s", "g", "dan", 0, id(3, 0), 2).await?;
    assert_eq!((rest.claimed, rest.next), (vec![id(3, 0)], None));
    assert_eq!(client.xautoclaim_justid("s", "g", "dan", 0, id(2, 0)).await?.claimed, [id(2, 0), id(3, 0)]);
    let none = client.xautoclaim::<Fields>("s", "g", "eve", 60_000, StreamId::MIN).await?;
    assert!(none.claimed.is_empty() && none.next.is_none() && none.deleted.is_empty(), "{none:?}");
    let zero = client.xautoclaim_count::<Fields>("s", "g", "eve", 0, StreamId::MIN, 0).await;
    assert!(matches!(zero, Err(Error::Server { .. })), "{zero:?}");
    Ok(())
}

/// What was deleted while it was pending is null in the history; a claim leaves it out on every server.
async fn deleted_entries(server: &Server, client: &Client) -> Result<()> {
    stream(client, "s").await?;
    client.xreadgroup::<Fields>("g", "ann", "s").await?;
    client.xdel("s", [id(1, 0), id(2, 0)]).await?;
    let history = client.xreadgroup_history::<Fields>("g", "ann", "s", StreamId::MIN, 0).await?;
    assert_eq!(ids(&history), [id(1, 0), id(2, 0), id(3, 0)]);
    assert!(history[0].fields.is_none() && history[1].fields.is_none() && history[2].fields.is_some(), "{history:?}");

    let taken = client.xclaim::<Fields>("s", "g", "ben", 0, [id(1, 0), id(3, 0)]).await?;
    assert_eq!(ids(&taken), [id(3, 0)]);
    if has(server, (6, 2, 0), "XAUTOCLAIM") {
        let claimed = client.xautoclaim::<Fields>("s", "g", "cid", 0, StreamId::MIN).await?;
        assert_eq!(ids(&claimed.claimed), [id(3, 0)]);
        let told = has(server, (7, 0, 0), "the deleted entries of XAUTOCLAIM");
        assert_eq!(claimed.deleted, if told { vec![id(2, 0)] } else { vec![] });
    }
    Ok(())
}

async fn descriptions(server: &Server, client: &Client) -> Result<()> {
    stream(client, "s").await?;
    assert!(client.xinfo_consumers("s", "g").await?.is_empty());
    client.xreadgroup_with::<Fields, _>("g", "ann", "s", XreadgroupOptions::new().count(2)).await?;
    let is_7_0 = has(server, (7, 0, 0), "the lag of groups");

    let group = &client.xinfo_groups("s").await?[0];
    assert_eq!((&group.name[..], group.consumers, group.pending), (&b"g"[..], 1, 2));
    assert_eq!((group.last_delivered_id, group.lag), (id(2, 0), is_7_0.then_some(1)));
    let consumer = &client.xinfo_consumers("s", "g").await?[0];
    assert_eq!((&consumer.name[..], consumer.pending), (&b"ann"[..], 2));
    assert!(consumer.idle < 60_000 && consumer.inactive.is_none_or(|inactive| inactive < 60_000), "{consumer:?}");

    let full = client.xinfo_stream_full::<Fields>("s").await?;
    assert_eq!((full.length, ids(&full.entries)), (3, vec![id(1, 0), id(2, 0), id(3, 0)]));
    let group = &full.groups[0];
    assert_eq!((&group.name[..], group.pel_count, group.last_delivered_id), (&b"g"[..], 2, id(2, 0)));
    assert_eq!((group.pending[0].id, group.pending[0].consumer.as_deref()), (id(1, 0), Some(&b"ann"[..])));
    let ann = &group.consumers[0];
    assert_eq!((ann.pel_count, ann.pending[1].id, ann.pending[1].deliveries), (2, id(2, 0), 1));
    assert!(ann.seen_time > 1_600_000_000_000 && ann.pending[1].delivery_time > 1_600_000_000_000, "{ann:?}");
    let one = client.xinfo_stream_full_count::<Fields>("s", 1).await?;
    assert_eq!((one.length, one.entries.len(), one.groups[0].pending.len()), (3, 1, 1));

    if has(server, (6, 2, 0), "XGROUP CREATECONSUMER") {
        client.xgroup_createconsumer("s", "g", "zoe").await?;
        let zoe = &client.xinfo_consumers("s", "g").await?[1];
        assert_eq!((zoe.pending, zoe.inactive), (0, None), "it was never active");
        assert_eq!(client.xinfo_stream_full::<Fields>("s").await?.groups[0].consumers[1].active_time, None);
    }
    Ok(())
}

async fn acknowledged_and_removed(server: &Server, client: &Client) -> Result<()> {
    if server.vendor() == Vendor::Valkey || server.version() < (8, 2, 0) {
        return Ok(());
    }
    stream(client, "s").await?;
    client.xgroup_create("s", "h", StreamId::MIN).await?;
    client.xreadgroup::<Fields>("g", "ann", "s").await?;
    client.xreadgroup::<Fields>("h", "ben", "s").await?;
    let found = client.xackdel("s", "g", [id(1, 0), id(9, 9)]).await?;
    assert_eq!(found, [EntryDeletion::Deleted, EntryDeletion::NotFound]);
    assert_eq!(client.xpending("s", "h").await?.count, 3, "the other group keeps its reference");
    assert_eq!(client.xackdel_with("s", "g", Acked, id(2, 0)).await?, [EntryDeletion::StillReferenced]);
    assert_eq!(client.xackdel_with("s", "g", DelRef, id(3, 0)).await?, [EntryDeletion::Deleted]);
    assert_eq!(client.xpending("s", "h").await?.count, 2);
    assert_eq!(client.xackdel("nothing", "g", id(1, 0)).await?, [EntryDeletion::NotFound]);
    Ok(())
}

/// Runs the rows that are tested with the streams, on another server, so that all of the server's group ran.
async fn the_other_rows(server: &Server, client: &Client) -> Result<()> {
    client.xrange::<Fields>("s", ..).await?;
    client.xrevrange::<Fields>("s", ..).await?;
    client.xread::<Fields>("s", AfterLast).await?;
    client.xinfo_stream::<Fields>("s").await?;
    client.xtrim("s", typedis::commands::stream::Trim::maxlen(1)).await?;
    client.xsetid("s", id(99, 0)).await?;
    if server.vendor() == Vendor::Redis && server.version() >= (8, 2, 0) {
        client.xdelex("s", id(1, 0)).await?;
    }
    Ok(())
}

#[derive(Debug, PartialEq, HashFields)]
struct Job {
    photo: String,
}

keyspace! {
    JOBS: Stream<Job> = "jobs";
    jobs_of(user: u64): Stream<Job> = "jobs:{user}";
}

#[tokio::test]
async fn a_typed_stream_gives_its_struct_in_every_form() {
    in_both_protocols(async |_, client| {
        client.xgroup_create_with(JOBS, "g", StreamId::MIN, XgroupCreateOptions::new().mkstream()).await?;
        let job = || Job { photo: "1.jpg".into() };
        let hlist_pat![first, read] =
            client.pipeline().xadd(JOBS, job()).xreadgroup("g", "ann", JOBS).execute().await?;
        assert_eq!((read[0].id, &read[0].fields), (first, &job()));
        client.xadd(jobs_of(7), job()).await?;
        assert_eq!(client.xrange(jobs_of(7), ..).await?[0].fields, job());
        let history = client.xreadgroup_history("g", "ann", JOBS, StreamId::MIN, 0).await?;
        assert_eq!(history[0].fields, Some(job()));
        assert_eq!(client.xclaim(JOBS, "g", "ben", 0, first).await?, read);
        client.xdel(JOBS, first).await?;
        let history = client.xreadgroup_history("g", "ben", JOBS, StreamId::MIN, 0).await?;
        assert_eq!((history[0].id, &history[0].fields), (first, &None));
        Ok(())
    })
    .await;
}

/// A change of a group is no conflict, as the documentation of the trait says.
#[tokio::test]
async fn a_watch_does_not_see_groups() {
    let server = Server::start().await;
    let client = Client::connect(&server.url()).await.unwrap();
    stream(&client, "s").await.unwrap();
    let tx = client.pipeline().watch("s").await.unwrap();
    client.xreadgroup::<Fields>("g", "ann", "s").await.unwrap();
    client.xack("s", "g", id(1, 0)).await.unwrap();
    client.xgroup_destroy("s", "g").await.unwrap();
    assert!(matches!(tx.multi().set("k", 1).execute().await.unwrap(), Outcome::Committed(_)));

    let tx = client.pipeline().watch("s").await.unwrap();
    client.xadd("s", ("f", 1)).await.unwrap();
    assert!(matches!(tx.multi().set("k", 1).execute().await.unwrap(), Outcome::Conflict));
}

/// A peer that answers HELLO as a server of RESP3, any stream command with `reply`, and keeps the commands.
async fn peer(reply: &'static str) -> (Fake, Client, Arc<Mutex<Vec<String>>>) {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let record = Arc::clone(&seen);
    let fake = Fake::commands(move |command| match command[0].as_str() {
        "HELLO" => b"%3\r\n+server\r\n+redis\r\n+version\r\n+8.10.0\r\n+proto\r\n:3\r\n".to_vec(),
        "EXEC" => b"*0\r\n".to_vec(),
        name if name.starts_with('X') => {
            record.lock().unwrap().push(command.join(" "));
            reply.as_bytes().to_vec()
        }
        _ => b"+OK\r\n".to_vec(),
    })
    .await;
    let client = Client::connect(&fake.url()).await.unwrap();
    (fake, client, seen)
}

/// Redis 8.4: a claimed entry, and a new one; in RESP3 and in RESP2.
#[tokio::test]
async fn a_scripted_claim_has_entries_with_their_delivery() {
    for start in ["%1\r\n", "*1\r\n*2\r\n"] {
        let reply = format!(
            "{start}$1\r\ns\r\n*3\r\n\
             *4\r\n$3\r\n1-0\r\n*2\r\n$1\r\nf\r\n$1\r\n1\r\n:250\r\n:2\r\n\
             *4\r\n$3\r\n2-0\r\n*2\r\n$1\r\nf\r\n$1\r\n2\r\n:1795985078546\r\n:9223372036854775807\r\n\
             *4\r\n$3\r\n3-0\r\n*2\r\n$1\r\nf\r\n$1\r\n3\r\n:0\r\n:0\r\n"
        );
        let (_fake, client, seen) = peer(reply.leak()).await;
        let options = XreadgroupOptions::new().claim(200);
        let read = client.xreadgroup_with::<Fields, _>("g", "ann", "s", options).await.unwrap();
        let shown: Vec<_> = read.iter().map(|entry| (entry.id, entry.idle, entry.deliveries)).collect();
        let fatal = i64::MAX as u64;
        assert_eq!(shown, [(id(1, 0), Some(250), 2), (id(2, 0), None, fatal), (id(3, 0), Some(0), 0)]);
        assert_eq!(read.iter().map(|entry| entry.is_claimed()).collect::<Vec<_>>(), [true, true, false]);
        assert_eq!(read[2].fields, [("f".to_owned(), "3".to_owned())]);
        let read =
            client.xreadgroup_streams_block::<Fields, _>("g", "ann", 5, ["s", "t"], options.count(9)).await.unwrap();
        assert_eq!((&read[0].0[..], read[0].1.len()), (&b"s"[..], 3));
        let seen = seen.lock().unwrap();
        assert_eq!(seen[0], "XREADGROUP GROUP g ann CLAIM 200 STREAMS s >");
        assert_eq!(seen[1], "XREADGROUP GROUP g ann COUNT 9 CLAIM 200 BLOCK 5 STREAMS s t > >");
    }
}

/// Redis 8.8: an entry that was given back belongs to no consumer.
#[tokio::test]
async fn a_scripted_pending_entry_may_have_no_consumer() {
    let (_fake, client, _) = peer("*1\r\n*4\r\n$3\r\n1-0\r\n$0\r\n\r\n:-1\r\n:1\r\n").await;
    let pending = client.xpending_range("s", "g", .., 10).await.unwrap();
    assert_eq!(
        (pending[0].id, &pending[0].consumer, pending[0].idle, pending[0].deliveries),
        (id(1, 0), &None, None, 1)
    );
}

/// Redis 8.6 and 8.8, which answer these as other integers and statuses.
#[tokio::test]
async fn scripted_commands_of_newer_servers_are_sent_whole() {
    let (_fake, client, seen) = peer(":1\r\n").await;
    assert_eq!(client.xnack("s", "g", NackMode::Fail, [id(1, 0), id(2, 0)]).await.unwrap(), 1);
    let options = XnackOptions::new().retrycount(3).force();
    assert_eq!(client.xnack_with("s", "g", NackMode::Silent, id(1, 0), options).await.unwrap(), 1);
    let (_other, client, also) = peer("+OK\r\n").await;
    client.xcfgset("s", XcfgsetOptions::new().idmp_duration(60)).await.unwrap();
    client.xsetid_with("s", id(1, 0), XsetidOptions::new()).await.unwrap();
    let (_third, client, added) = peer("$3\r\n5-0\r\n").await;
    let once = XaddOptions::new().idmp("producer", b"\x31");
    assert_eq!(client.xadd_with("s", ("f", 1), once).await.unwrap(), id(5, 0));
    let (_fourth, client, read) = peer("_\r\n").await;
    let limits = XreadOptions::new().maxcount(10).maxsize(1000);
    assert!(client.xread_with::<Fields>("s", StreamId::MIN, limits).await.unwrap().is_empty());

    let sent = [seen, also, added, read].map(|seen| seen.lock().unwrap().clone()).concat();
    assert_eq!(
        sent,
        [
            "XNACK s g FAIL IDS 2 1-0 2-0",
            "XNACK s g SILENT IDS 1 1-0 RETRYCOUNT 3 FORCE",
            "XCFGSET s IDMP-DURATION 60",
            "XSETID s 1-0",
            "XADD s IDMP producer 1 * f 1",
            "XREAD MAXCOUNT 10 MAXSIZE 1000 STREAMS s 0-0",
        ]
    );
}

/// Redis 8.6: six fields more, and one that typedis does not know.
#[tokio::test]
async fn a_scripted_description_of_a_newer_server_is_read() {
    let (_fake, client, _) = peer(
        "%9\r\n$6\r\nlength\r\n:4\r\n$15\r\nradix-tree-keys\r\n:1\r\n$16\r\nradix-tree-nodes\r\n:2\r\n\
         $17\r\nlast-generated-id\r\n$3\r\n9-0\r\n$6\r\ngroups\r\n:0\r\n$13\r\nidmp-duration\r\n:100\r\n$15\r\niids-duplicates\r\n:7\r\n\
         $6\r\nfuture\r\n*1\r\n:1\r\n$11\r\nfirst-entry\r\n_\r\n",
    )
    .await;
    let info = client.xinfo_stream::<Fields>("s").await.unwrap();
    assert_eq!((info.length, info.idmp_duration, info.iids_duplicates), (4, Some(100), Some(7)));
    assert_eq!((info.idmp_maxsize, info.first_entry), (None, None));
}
