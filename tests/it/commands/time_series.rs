//! The commands of the module `timeseries`, each run against a real server with the module, where it is at hand.

use crate::support::rows::{assert_all_of_module_ran, with_module};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, SystemTime},
};
use typedis::{
    Client, Error, Key, Result,
    commands::time_series::{
        AddOptions, Aggregation, Aggregator, Align, AlterOptions, BucketTimestamp, DuplicatePolicy, Encoding, Filter,
        GroupSamples, IncrOptions, MgetOptions, MrangeOptions, Now, RangeOptions, Reducer, Sample, SeriesOptions,
    },
    hlist_pat,
    key::{KeyType, TimeSeries},
    prelude::*,
};
use typedis_testing::Module;

const KITCHEN: Key<TimeSeries> = Key::new("kitchen");
const BATH: Key<TimeSeries> = Key::new("bath");
const MILLISECOND: Duration = Duration::from_millis(1);

fn sample(timestamp: u64, value: f64) -> Sample {
    Sample { timestamp, value }
}

fn labels<const N: usize>(labels: [(&str, &str); N]) -> BTreeMap<String, String> {
    labels.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

#[tokio::test]
async fn every_row_answers_as_declared() {
    with_module(Module::TimeSeries, async |server, client| {
        series(client).await?;
        added(client).await?;
        counted(client).await?;
        ranges(client).await?;
        many(client).await?;
        groups(client).await?;
        compactions(client).await?;
        removed(client).await?;
        assert_all_of_module_ran(server, "timeseries").await;
        Ok(())
    })
    .await;
}

async fn series(client: &Client) -> Result<()> {
    let settings = SeriesOptions::new()
        .retention(Duration::from_secs(100))
        .encoding(Encoding::Uncompressed)
        .chunk_size(128)
        .duplicate_policy(DuplicatePolicy::Last)
        .ignore(5 * MILLISECOND, 0.5)
        .labels([("kind", "temp"), ("room", "attic")]);
    client.ts_create_with("attic", settings).await?;
    let info = client.ts_info("attic").await?;
    assert_eq!((info.total_samples, info.first_timestamp, info.last_timestamp, info.chunk_count), (0, 0, 0, 1));
    assert_eq!(
        (info.retention, info.encoding, info.chunk_size),
        (Some(Duration::from_secs(100)), Encoding::Uncompressed, 128)
    );
    assert_eq!((info.duplicate_policy, info.ignore_max_time_diff), (Some(DuplicatePolicy::Last), 5 * MILLISECOND));
    assert_eq!((info.ignore_max_val_diff, info.labels), (0.5, labels([("kind", "temp"), ("room", "attic")])));
    assert_eq!((info.source_key, info.rules.len(), info.chunks.len()), (None, 0, 0));

    client.ts_alter("attic", AlterOptions::new().retention(Duration::ZERO).labels([("room", "loft")])).await?;
    let info = client.ts_info_debug("attic").await?;
    assert_eq!((info.retention, info.labels), (None, labels([("room", "loft")])));
    assert_eq!((info.chunks.len(), info.chunks[0].start_timestamp, info.chunks[0].samples), (1, None, 0));

    client.ts_create(KITCHEN).await?;
    assert_eq!(client.type_of(KITCHEN).await?, Some(KeyType::TimeSeries));
    let again = client.ts_create(KITCHEN).await;
    assert!(matches!(again, Err(Error::Server { .. })), "{again:?}");
    assert_eq!(client.ts_get(KITCHEN).await?, None);
    assert_eq!(client.ts_range(KITCHEN, ..).await?, []);
    Ok(())
}

async fn added(client: &Client) -> Result<()> {
    assert_eq!(client.ts_add(KITCHEN, 1000, 0.5).await?, 1000);
    assert_eq!(client.ts_get(KITCHEN).await?, Some(sample(1000, 0.5)));
    let second = SystemTime::UNIX_EPOCH + Duration::from_millis(2000);
    assert_eq!(client.ts_add(KITCHEN, second, 3.099_999_999_999_999_6).await?, 2000);
    let latest = client.ts_get_latest(KITCHEN).await?.unwrap();
    assert_eq!((latest.time(), latest.value), (Some(second), 3.099_999_999_999_999_6));
    let doubled = client.ts_add(KITCHEN, second, 1.0).await;
    assert!(matches!(doubled, Err(Error::Server { .. })), "{doubled:?}");
    client.ts_add_with(KITCHEN, 2000, 1.0, AddOptions::new().on_duplicate(DuplicatePolicy::Sum)).await?;
    assert_eq!(client.ts_get(KITCHEN).await?, Some(sample(2000, 4.1)));

    let made = AddOptions::new().series(SeriesOptions::new().labels([("kind", "temp"), ("room", "bath")]));
    assert!(client.ts_add_with(BATH, Now, -1e-300, made).await? > 1_700_000_000_000);
    assert_eq!(client.ts_info(BATH).await?.labels["room"], "bath");
    // A sample that its series ignores has the time of the one before it.
    client.ts_madd([("attic", 10, 1.0)]).await?;
    assert_eq!(client.ts_add("attic", 12, 1.25).await?, 10);

    client.set("text", "x").await?;
    let results =
        client.ts_madd([("kitchen", 3000, 5.0), ("nothing", 1, 1.0), ("text", 1, 1.0), ("kitchen", 3000, 6.0)]).await?;
    assert_eq!((results.len(), results[0].as_ref().ok()), (4, Some(&3000)));
    assert!(results[1..].iter().all(Result::is_err), "{results:?}");
    let nothing: [(&str, u64, f64); 0] = [];
    let refused = client.ts_madd(nothing).await;
    assert!(matches!(refused, Err(Error::Argument { .. })), "{refused:?}");
    let hlist_pat![time, found] = client.pipeline().ts_add(KITCHEN, 4000, 7.0).ts_get(KITCHEN).execute().await?;
    assert_eq!((time, found), (4000, Some(sample(4000, 7.0))));
    Ok(())
}

async fn counted(client: &Client) -> Result<()> {
    assert!(client.ts_incrby("counter", 2.0).await? > 1_700_000_000_000);
    assert!(client.ts_decrby("counter", 0.5).await? > 1_700_000_000_000);
    assert_eq!(client.ts_get("counter").await?.unwrap().value, 1.5);
    let uncompressed = SeriesOptions::new().encoding(Encoding::Uncompressed);
    client.ts_incrby_with("counted", 2.0, IncrOptions::new().timestamp(100).series(uncompressed)).await?;
    assert_eq!(client.ts_info("counted").await?.encoding, Encoding::Uncompressed);
    assert_eq!(client.ts_decrby_with("counted", 5.0, IncrOptions::new().timestamp(200)).await?, 200);
    assert_eq!(client.ts_range("counted", ..).await?, [sample(100, 2.0), sample(200, -3.0)]);
    let before = client.ts_incrby_with("counted", 1.0, IncrOptions::new().timestamp(150)).await;
    assert!(matches!(before, Err(Error::Server { .. })), "{before:?}");
    Ok(())
}

async fn ranges(client: &Client) -> Result<()> {
    let all: Vec<_> = (1..=6).map(|number| ("range", number * 10, number as f64)).collect();
    client.ts_create("range").await?;
    client.ts_madd(&all).await?;
    assert_eq!(client.ts_range("range", 20..40).await?, [sample(20, 2.0), sample(30, 3.0)]);
    assert_eq!(client.ts_range("range", 50..).await?, [sample(50, 5.0), sample(60, 6.0)]);
    assert_eq!(client.ts_revrange("range", ..=20).await?, [sample(20, 2.0), sample(10, 1.0)]);
    let filtered = RangeOptions::new().filter_by_ts([20, 40, 60]).filter_by_value(3.0, f64::INFINITY).count(1).latest();
    assert_eq!(client.ts_range_with("range", .., filtered).await?, [sample(40, 4.0)]);
    let pairs = Aggregation::new(Aggregator::Sum, 20 * MILLISECOND).align(Align::Start);
    let pairs = RangeOptions::new().aggregation(pairs.bucket_timestamp(BucketTimestamp::End));
    assert_eq!(client.ts_range_with("range", 10..=40, pairs).await?, [sample(30, 3.0), sample(50, 7.0)]);
    let empty = Aggregation::new(Aggregator::Avg, 5 * MILLISECOND).align(Align::At(0)).empty();
    let empty = client.ts_revrange_with("range", 10..=20, RangeOptions::new().aggregation(empty)).await?;
    assert_eq!((empty.len(), empty[0], empty[2]), (3, sample(20, 2.0), sample(10, 1.0)));
    assert!(empty[1].value.is_nan());
    for aggregator in [
        Aggregator::Min,
        Aggregator::Max,
        Aggregator::Range,
        Aggregator::Count,
        Aggregator::First,
        Aggregator::Last,
        Aggregator::StdP,
        Aggregator::StdS,
        Aggregator::VarP,
        Aggregator::VarS,
        Aggregator::Twa,
    ] {
        let one = RangeOptions::new().aggregation(Aggregation::new(aggregator, Duration::from_secs(1)));
        assert_eq!(client.ts_range_with("range", .., one).await?.len(), 1, "{aggregator:?}");
    }
    for refused in [
        client.ts_range_with("range", .., RangeOptions::new().count(0)).await,
        client.ts_range_with("range", .., RangeOptions::new().filter_by_ts([0_u64; 0])).await,
        client.ts_range_with("range", .., RangeOptions::new().filter_by_value(f64::NAN, 1.0)).await,
        client
            .ts_range_with(
                "range",
                ..5,
                RangeOptions::new().aggregation(Aggregation::new(Aggregator::Min, MILLISECOND).align(Align::Start)),
            )
            .await,
        client
            .ts_range_with(
                "range",
                ..,
                RangeOptions::new().aggregation(Aggregation::new(Aggregator::Min, MILLISECOND / 2)),
            )
            .await,
        client.ts_range("range", u64::MAX..).await,
    ] {
        assert!(matches!(refused, Err(Error::Argument { .. })), "{refused:?}");
    }
    Ok(())
}

async fn many(client: &Client) -> Result<()> {
    client.ts_alter(KITCHEN, AlterOptions::new().labels([("kind", "temp"), ("room", "kitchen")])).await?;
    client.ts_create_with("empty", SeriesOptions::new().labels([("kind", "empty")])).await?;
    let filter = Filter::new().is("kind", "temp");
    let found = client.ts_mget(&filter).await?;
    assert_eq!(found.keys().collect::<Vec<_>>(), ["bath", "kitchen"]);
    assert_eq!((&found["kitchen"].labels, found["kitchen"].sample), (&labels([]), Some(sample(4000, 7.0))));
    let found = client
        .ts_mget_with(
            Filter::new().is_any_of("kind", ["temp", "empty"]).is_not("room", "bath"),
            MgetOptions::new().withlabels().latest(),
        )
        .await?;
    assert_eq!(found["kitchen"].labels, labels([("kind", "temp"), ("room", "kitchen")]));
    assert_eq!((found.len(), found["empty"].sample), (2, None));
    let found = client.ts_mget_with(&filter, MgetOptions::new().selected_labels(["room", "floor"])).await?;
    assert_eq!(found["kitchen"].labels, labels([("room", "kitchen")]));
    assert!(client.ts_mget(Filter::new().is("kind", "none")).await?.is_empty());

    let found = client.ts_mrange(..3000, &filter).await?;
    assert_eq!((found.len(), found["bath"].samples.len()), (2, 0));
    assert_eq!(found["kitchen"].samples, [sample(1000, 0.5), sample(2000, 4.1)]);
    let counts = RangeOptions::new().aggregation(Aggregation::new(Aggregator::Count, Duration::from_secs(5)));
    let counts = MrangeOptions::new().range(counts).withlabels();
    let found = client.ts_mrange_with(..=4000, &filter, counts.clone()).await?;
    assert_eq!((found["kitchen"].samples[0], &*found["kitchen"].labels["room"]), (sample(0, 4.0), "kitchen"));
    let one = MrangeOptions::new().range(RangeOptions::new().count(1)).selected_labels(["kind"]);
    let found = client.ts_mrevrange_with(.., &filter, one).await?;
    assert_eq!(
        (&found["kitchen"].labels, &*found["kitchen"].samples),
        (&labels([("kind", "temp")]), &[sample(4000, 7.0)][..])
    );
    assert_eq!(client.ts_mrevrange(.., &filter).await?["kitchen"].samples.len(), 4);

    let keys: BTreeSet<String> =
        client.ts_queryindex(filter.is_none_of("room", ["bath", "attic"]).has("room").lacks("floor")).await?;
    assert_eq!(keys, BTreeSet::from(["kitchen".to_owned()]));
    for refused in [
        client.ts_mget(Filter::new().is("a=b", "c")).await,
        client.ts_mget_with(Filter::new().is("a", "b"), MgetOptions::new().selected_labels(["COUNT"])).await,
        client.ts_mget_with(Filter::new().is("a", "b"), MgetOptions::new().selected_labels(["x", "empty"])).await,
        client.ts_mget_with(Filter::new().is("a", "b"), MgetOptions::new().selected_labels(["a"; 0])).await,
    ] {
        assert!(matches!(refused, Err(Error::Argument { .. })), "{refused:?}");
    }
    // The module would take these labels for its options.
    for (name, value) in [("retention", "5"), ("state", "ignore"), ("x", "a,b"), ("", "x")] {
        let refused = client.ts_create_with("labels", SeriesOptions::new().labels([(name, value)])).await;
        assert!(matches!(refused, Err(Error::Argument { .. })), "{name}: {refused:?}");
    }
    Ok(())
}

async fn groups(client: &Client) -> Result<()> {
    for (key, room) in [("g1", "one"), ("g2", "two")] {
        client.ts_create_with(key, SeriesOptions::new().labels([("of", "group"), ("room", room)])).await?;
    }
    client.ts_madd([("g1", 10, 1.0), ("g1", 20, 2.0), ("g2", 10, 5.0)]).await?;
    let filter = Filter::new().is("of", "group");
    let assert_group = |group: &GroupSamples, samples: &[Sample]| {
        assert_eq!((&*group.group, &*group.samples), ("of=group", samples));
        if let Some(sources) = &group.sources {
            assert_eq!(sources, &["g1", "g2"]);
        }
    };
    let found = client.ts_mrange_groupby(.., &filter, "of", Reducer::Sum).await?;
    assert_eq!((found.len(), &found[0].labels), (1, &labels([])));
    assert_group(&found[0], &[sample(10, 6.0), sample(20, 2.0)]);
    let found =
        client.ts_mrange_groupby_with(.., &filter, "of", Reducer::Max, MrangeOptions::new().withlabels()).await?;
    assert_eq!(found[0].labels, labels([("of", "group")]));
    assert_group(&found[0], &[sample(10, 5.0), sample(20, 2.0)]);
    let found = client.ts_mrevrange_groupby(.., &filter, "of", Reducer::Min).await?;
    assert_group(&found[0], &[sample(20, 2.0), sample(10, 1.0)]);
    let one = MrangeOptions::new().range(RangeOptions::new().count(1));
    let found = client.ts_mrevrange_groupby_with(.., &filter, "room", Reducer::Count, one).await?;
    let groups: Vec<_> = found.iter().map(|group| (&*group.group, group.samples.len())).collect();
    assert_eq!(groups, [("room=one", 1), ("room=two", 1)]);
    assert_eq!(client.ts_mrange_groupby(.., &filter, "floor", Reducer::Avg).await?, []);
    let refused = client.ts_mrange_groupby(.., &filter, "reduce", Reducer::Avg).await;
    assert!(matches!(refused, Err(Error::Argument { .. })), "{refused:?}");
    Ok(())
}

async fn compactions(client: &Client) -> Result<()> {
    for key in ["source", "hours", "days"] {
        client.ts_create(key).await?;
    }
    client.ts_createrule("source", "hours", Aggregator::Max, 100 * MILLISECOND).await?;
    client.ts_createrule_align("source", "days", Aggregator::StdP, 1000 * MILLISECOND, 7).await?;
    client.ts_madd([("source", 10, 1.0), ("source", 50, 4.0)]).await?;
    assert_eq!((client.ts_get("hours").await?, client.ts_get_latest("hours").await?), (None, Some(sample(0, 4.0))));
    client.ts_add("source", 110, 2.0).await?;
    assert_eq!(client.ts_get("hours").await?, Some(sample(0, 4.0)));
    let mut rules = client.ts_info("source").await?.rules;
    rules.sort_by(|a, b| a.destination.cmp(&b.destination));
    let [days, hours] = &rules[..] else { panic!("{rules:?}") };
    assert_eq!(
        (&*days.destination, days.bucket, days.aggregator, days.align),
        ("days", 1000 * MILLISECOND, Some(Aggregator::StdP), 7)
    );
    assert_eq!((&*hours.destination, hours.aggregator, hours.align), ("hours", Some(Aggregator::Max), 0));
    assert_eq!(client.ts_info("hours").await?.source_key.as_deref(), Some("source"));
    client.ts_deleterule("source", "days").await?;
    let gone = client.ts_deleterule("source", "days").await;
    assert!(matches!(gone, Err(Error::Server { .. })), "{gone:?}");
    let refused = client.ts_createrule("source", "days", Aggregator::Avg, Duration::ZERO).await;
    assert!(matches!(refused, Err(Error::Argument { .. })), "{refused:?}");
    Ok(())
}

async fn removed(client: &Client) -> Result<()> {
    assert_eq!(client.ts_del("range", 20..=30).await?, 2);
    assert_eq!(client.ts_del("range", ..).await?, 4);
    assert_eq!(client.exists("range").await?, 1, "a series without samples stays");
    assert_eq!(client.del(KITCHEN).await?, 1);
    let missing = client.ts_range(KITCHEN, ..).await;
    assert!(matches!(missing, Err(Error::Server { .. })), "{missing:?}");
    Ok(())
}
