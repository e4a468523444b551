//! The commands on streams, each run against a real server.

use crate::support::rows::{has, in_both_protocols};
use bytes::Bytes;
use std::{
    collections::{BTreeMap, HashMap},
    ops::Bound,
};
use typedis::{
    Client, Error, HashFields, Key, Result,
    commands::stream::{
        AfterLast, EntryDeletion, LastEntry, StreamEntry, StreamId, Trim, XaddOptions, XcfgsetOptions, XreadOptions,
        XsetidOptions,
    },
    hlist_pat,
    key::{KeyType, Stream},
    options::flag::{Acked, DelRef},
    pipeline,
    prelude::*,
};
use typedis_testing::{Server, Vendor};

/// The fields of an entry, whatever they are.
pub(crate) type Fields = Vec<(String, String)>;

pub(crate) const fn id(milliseconds: u64, sequence: u64) -> StreamId {
    StreamId::new(milliseconds, sequence)
}

/// Adds an entry with the one field `f`.
pub(crate) async fn add(client: &Client, key: &str, id: StreamId, value: i64) -> Result<()> {
    assert_eq!(client.xadd_with(key, ("f", value), XaddOptions::new().id(id)).await?, id);
    Ok(())
}

pub(crate) fn ids<T>(entries: &[StreamEntry<T>]) -> Vec<StreamId> {
    entries.iter().map(|entry| entry.id).collect()
}

#[tokio::test]
async fn every_row_answers_as_declared() {
    in_both_protocols(async |server, client| {
        adding(server, client).await?;
        ranges(client).await?;
        reading(server, client).await?;
        reading_of_several(client).await?;
        blocking(client).await?;
        removing(server, client).await?;
        trimming(server, client).await?;
        describing(server, client).await?;
        entries_of_a_struct(client).await
    })
    .await;
}

async fn adding(server: &Server, client: &Client) -> Result<()> {
    let first = client.xadd("added", [("f", "v"), ("g", "w")]).await?;
    let second = client.xadd("added", BTreeMap::from([("f", 1)])).await?;
    assert!(StreamId::MIN < first && first < second);
    assert_eq!(client.xlen("added").await?, 2);
    assert_eq!(client.xlen("nothing").await?, 0);
    assert_eq!(client.type_of("added").await?, Some(KeyType::Stream));

    let highest = XaddOptions::new().id(id(u64::MAX, 1));
    assert_eq!(client.xadd_with("added", ("f", 1), highest).await?, id(u64::MAX, 1));
    let lower = client.xadd_with("added", ("f", 1), XaddOptions::new().id(id(5, 5))).await;
    assert!(matches!(lower, Err(Error::Server { .. })), "{lower:?}");
    let zero = client.xadd_with("added", ("f", 1), XaddOptions::new().id(StreamId::MIN)).await;
    assert!(matches!(zero, Err(Error::Argument { .. })), "{zero:?}");
    let no_fields = client.xadd("added", Vec::<(String, String)>::new()).await;
    assert!(matches!(no_fields, Err(Error::Argument { .. })), "{no_fields:?}");

    if has(server, (6, 2, 0), "NOMKSTREAM") {
        let existing = XaddOptions::new().nomkstream();
        assert_eq!(client.xadd_with("nothing", ("f", 1), existing).await?, None);
        client.xadd_with("auto", ("f", 1), XaddOptions::new().id(id(3, 3))).await?;
        assert!(client.xadd_with("auto", ("f", 1), existing).await?.is_some());
    }
    if has(server, (7, 0, 0), "an id of which the server chooses the second part") {
        let in_five = XaddOptions::new().id_in(5);
        assert_eq!(client.xadd_with("partial", ("f", 1), in_five).await?, id(5, 0));
        assert_eq!(client.xadd_with("partial", ("f", 1), in_five).await?, id(5, 1));
    }
    Ok(())
}

async fn ranges(client: &Client) -> Result<()> {
    for (at, value) in [(id(1, 1), 1), (id(1, 2), 2), (id(2, 0), 3)] {
        add(client, "range", at, value).await?;
    }
    let all = client.xrange::<HashMap<String, i64>>("range", ..).await?;
    assert_eq!(ids(&all), [id(1, 1), id(1, 2), id(2, 0)]);
    assert_eq!(all[2].fields, HashMap::from([("f".to_owned(), 3)]));

    let of_one = client.xrange::<Fields>("range", StreamId::first_of(1)..=StreamId::last_of(1)).await?;
    assert_eq!(ids(&of_one), [id(1, 1), id(1, 2)]);
    assert_eq!(ids(&client.xrange::<Fields>("range", id(1, 2)..).await?), [id(1, 2), id(2, 0)]);
    assert_eq!(ids(&client.xrange::<Fields>("range", ..id(2, 0)).await?), [id(1, 1), id(1, 2)]);
    let behind = (Bound::Excluded(id(1, 1)), Bound::Unbounded);
    assert_eq!(ids(&client.xrange::<Fields>("range", behind).await?), [id(1, 2), id(2, 0)]);
    assert!(client.xrange::<Fields>("nothing", ..).await?.is_empty());
    let nothing = client.xrange::<Fields>("range", ..StreamId::MIN).await;
    assert!(matches!(nothing, Err(Error::Argument { .. })), "{nothing:?}");

    assert_eq!(ids(&client.xrange_count::<Fields>("range", .., 2).await?), [id(1, 1), id(1, 2)]);
    assert!(client.xrange_count::<Fields>("range", .., 0).await?.is_empty(), "the server says null");
    assert_eq!(ids(&client.xrevrange::<Fields>("range", ..).await?), [id(2, 0), id(1, 2), id(1, 1)]);
    assert_eq!(ids(&client.xrevrange::<Fields>("range", id(1, 1)..id(2, 0)).await?), [id(1, 2), id(1, 1)]);
    assert_eq!(ids(&client.xrevrange_count::<Fields>("range", .., 1).await?), [id(2, 0)]);
    assert!(client.xrevrange_count::<Fields>("range", .., 0).await?.is_empty());
    Ok(())
}

async fn reading(server: &Server, client: &Client) -> Result<()> {
    let all = client.xread::<Fields>("range", StreamId::MIN).await?;
    assert_eq!(ids(&all), [id(1, 1), id(1, 2), id(2, 0)]);
    assert_eq!(all[0].fields, [("f".to_owned(), "1".to_owned())]);
    assert_eq!(ids(&client.xread::<Fields>("range", id(1, 1)).await?), [id(1, 2), id(2, 0)]);
    assert!(client.xread::<Fields>("range", AfterLast).await?.is_empty());
    assert!(client.xread::<Fields>("nothing", StreamId::MIN).await?.is_empty());
    let two = XreadOptions::new().count(2);
    assert_eq!(ids(&client.xread_with::<Fields>("range", StreamId::MIN, two).await?), [id(1, 1), id(1, 2)]);

    let first = match server.vendor() {
        Vendor::Redis => (7, 4, 0),
        Vendor::Valkey => (8, 0, 0),
    };
    if server.version() >= first {
        assert_eq!(ids(&client.xread::<Fields>("range", LastEntry).await?), [id(2, 0)]);
        assert!(client.xread::<Fields>("nothing", LastEntry).await?.is_empty());
    }
    Ok(())
}

async fn reading_of_several(client: &Client) -> Result<()> {
    add(client, "other", id(7, 7), 7).await?;
    let keys = ["range", "nothing", "other"];
    let shown = |read: Vec<(Bytes, Vec<StreamEntry<Fields>>)>| {
        read.iter().map(|(key, entries)| (String::from_utf8_lossy(key).into_owned(), ids(entries))).collect::<Vec<_>>()
    };
    let read = client.xread_streams(keys, StreamId::MIN, XreadOptions::new().count(1)).await?;
    assert_eq!(shown(read), [("range".to_owned(), vec![id(1, 1)]), ("other".to_owned(), vec![id(7, 7)])]);
    let positions = [id(1, 2), StreamId::MIN, id(7, 7)];
    let read = client.xread_streams(keys, positions, XreadOptions::new()).await?;
    assert_eq!(shown(read), [("range".to_owned(), vec![id(2, 0)])]);
    let read = client.xread_streams::<Fields>(keys, AfterLast, XreadOptions::new()).await?;
    assert!(read.is_empty());
    assert!(client.xread_streams::<Fields>("range", id(2, 0), XreadOptions::new()).await?.is_empty());

    let too_few = client.xread_streams::<Fields>(keys, [id(1, 1), id(2, 2)], XreadOptions::new()).await;
    assert!(matches!(too_few, Err(Error::Argument { .. })), "{too_few:?}");
    let read = client.xread_streams_block(10, keys, id(1, 2), XreadOptions::new().count(1)).await?;
    assert_eq!(shown(read), [("range".to_owned(), vec![id(2, 0)]), ("other".to_owned(), vec![id(7, 7)])]);
    assert!(client.xread_streams_block::<Fields>(10, keys, AfterLast, XreadOptions::new()).await?.is_empty());
    Ok(())
}

async fn blocking(client: &Client) -> Result<()> {
    assert!(client.xread_block::<Fields>(10, "waited", AfterLast).await?.is_empty(), "the server says null");
    let push = async { add(client, "waited", id(1, 1), 1).await };
    let (read, ()) = tokio::try_join!(client.xread_block::<Fields>(0, "waited", StreamId::MIN), push)?;
    assert_eq!(ids(&read), [id(1, 1)]);
    let one = XreadOptions::new().count(1);
    assert_eq!(ids(&client.xread_block_with::<Fields>(10, "range", StreamId::MIN, one).await?), [id(1, 1)]);
    Ok(())
}

async fn removing(server: &Server, client: &Client) -> Result<()> {
    assert_eq!(client.xdel("range", [id(1, 1), id(9, 9)]).await?, 1);
    assert_eq!(client.xdel("range", id(1, 2)).await?, 1);
    assert_eq!(client.xdel("nothing", [&id(1, 2)]).await?, 0);
    let none = client.xdel("range", Vec::<StreamId>::new()).await;
    assert!(matches!(none, Err(Error::Argument { .. })), "{none:?}");

    if server.vendor() == Vendor::Redis && server.version() >= (8, 2, 0) {
        add(client, "range", id(3, 0), 4).await?;
        client.xgroup_create("range", "g", StreamId::MIN).await?;
        let removed = client.xdelex("range", [id(2, 0), id(9, 9)]).await?;
        assert_eq!(removed, [EntryDeletion::Deleted, EntryDeletion::NotFound]);
        assert_eq!(client.xdelex_with("range", Acked, id(3, 0)).await?, [EntryDeletion::StillReferenced]);
        assert_eq!(client.xdelex_with("range", DelRef, id(3, 0)).await?, [EntryDeletion::Deleted]);
        assert_eq!(client.xdelex("nothing", id(1, 1)).await?, [EntryDeletion::NotFound]);
    }
    Ok(())
}

async fn trimming(server: &Server, client: &Client) -> Result<()> {
    for number in 1..=5 {
        add(client, "long", id(number, 0), 1).await?;
    }
    assert_eq!(client.xtrim("long", Trim::maxlen(4)).await?, 1);
    assert_eq!(client.xtrim("nothing", Trim::maxlen(4).approximate()).await?, 0);
    let sixth = XaddOptions::new().id(id(6, 0)).trim(Trim::maxlen(3));
    client.xadd_with("long", ("f", 1), sixth).await?;
    assert_eq!(ids(&client.xrange::<Fields>("long", ..).await?), [id(4, 0), id(5, 0), id(6, 0)]);
    if has(server, (6, 2, 0), "MINID") {
        assert_eq!(client.xtrim("long", Trim::minid(id(6, 0))).await?, 2);
        assert!(client.xtrim("long", Trim::minid(id(7, 0)).approximate().limit(1)).await? <= 1);
    }
    if server.vendor() == Vendor::Redis && server.version() >= (8, 2, 0) {
        client.xgroup_create("long", "g", StreamId::MIN).await?;
        assert_eq!(client.xtrim("long", Trim::maxlen(0).references(Acked)).await?, 0);
        let seventh = XaddOptions::new().id(id(7, 0)).trim(Trim::maxlen(1).references(DelRef));
        client.xadd_with("long", ("f", 1), seventh).await?;
        assert_eq!(client.xlen("long").await?, 1);
    }
    Ok(())
}

async fn describing(server: &Server, client: &Client) -> Result<()> {
    for number in 1..=2 {
        add(client, "told", id(number, 0), 1).await?;
    }
    client.xdel("told", id(1, 0)).await?;
    client.xsetid("told", id(9, 0)).await?;
    let info = client.xinfo_stream::<Fields>("told").await?;
    assert_eq!((info.length, info.groups, info.last_generated_id), (1, 0, id(9, 0)));
    let last = StreamEntry { id: id(2, 0), fields: vec![("f".to_owned(), "1".to_owned())] };
    assert_eq!((info.first_entry, info.last_entry), (Some(last.clone()), Some(last.clone())));
    let is_7_0 = has(server, (7, 0, 0), "the counters of a stream");
    assert_eq!(info.entries_added, is_7_0.then_some(2));
    assert_eq!(info.max_deleted_entry_id, is_7_0.then_some(id(1, 0)));
    assert_eq!(info.recorded_first_entry_id, is_7_0.then_some(id(2, 0)));
    if is_7_0 {
        let options = XsetidOptions::new().entriesadded(7).maxdeletedid(id(1, 5));
        client.xsetid_with("told", id(9, 1), options).await?;
        let info = client.xinfo_stream::<Fields>("told").await?;
        assert_eq!((info.entries_added, info.max_deleted_entry_id), (Some(7), Some(id(1, 5))));
    }

    client.xdel("told", id(2, 0)).await?;
    let empty = client.xinfo_stream::<Fields>("told").await?;
    assert_eq!((empty.length, empty.first_entry, empty.last_entry), (0, None, None));
    for missing in [client.xinfo_stream::<Fields>("nothing").await.map(drop), client.xsetid("nothing", last.id).await] {
        assert!(matches!(missing, Err(Error::Server { .. })), "{missing:?}");
    }
    Ok(())
}

#[derive(Clone, Debug, PartialEq, HashFields)]
struct Order {
    item: String,
    quantity: u32,
    note: Option<String>,
}

const ORDERS: Key<Stream<Order>> = Key::new("{orders}");
const COUNTS: Key<Stream<HashMap<String, i64>>> = Key::new("{orders}:counts");

async fn entries_of_a_struct(client: &Client) -> Result<()> {
    let order = Order { item: "pear".into(), quantity: 3, note: None };
    let hlist_pat![first, orders] = client.pipeline().xadd(ORDERS, &order).xrange(ORDERS, ..).execute().await?;
    let expected = [StreamEntry { id: first, fields: order.clone() }];
    assert_eq!(orders, expected);
    assert_eq!(client.xread(ORDERS, StreamId::MIN).await?, expected);
    assert_eq!(client.xread_streams([ORDERS], StreamId::MIN, XreadOptions::new()).await?[0].1, expected);
    assert_eq!(client.xinfo_stream(ORDERS).await?.last_entry.as_ref(), expected.first());

    let (id, counts) = pipeline! { client => xadd(COUNTS, ("a", 1)); xrevrange_count(COUNTS, .., 1) }?;
    assert_eq!(counts, [StreamEntry { id, fields: HashMap::from([("a".to_owned(), 1)]) }]);

    client.xadd("{orders}", ("item", "plum")).await?;
    let lacking = client.xrange(ORDERS, ..).await;
    assert!(matches!(&lacking, Err(Error::Reply { .. })) && format!("{lacking:?}").contains("quantity"), "{lacking:?}");
    Ok(())
}

#[tokio::test]
async fn settings_out_of_range_are_refused_before_they_are_sent() {
    let server = Server::start().await;
    let client = Client::connect(&server.url()).await.unwrap();
    for settings in [XcfgsetOptions::new().idmp_duration(0), XcfgsetOptions::new().idmp_duration(86_401)] {
        let refused = client.xcfgset("s", settings).await;
        assert!(matches!(refused, Err(Error::Argument { .. })), "{refused:?}");
    }
    let refused = client.xcfgset("s", XcfgsetOptions::new().idmp_maxsize(10_001)).await;
    assert!(matches!(refused, Err(Error::Argument { .. })), "{refused:?}");
}
