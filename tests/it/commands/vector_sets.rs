//! The commands on vector sets, on a real server from Redis 8.0 on, and VRANGE on a scripted peer.

use crate::support::{
    described::on_described,
    rows::{in_both_protocols, supports},
};
use typedis::{
    Client, Error, Key, Result,
    commands::{
        registry,
        vector_set::{Element, Quantization, VaddOptions, VsimOptions},
    },
    key::VectorSet,
    prelude::*,
};

const FRUITS: Key<VectorSet<String>> = Key::new("fruits");

#[tokio::test]
async fn every_row_answers_as_declared() {
    in_both_protocols(async |server, client| {
        let vadd = registry().find(|row| row.method == "vadd").unwrap();
        if !supports(server, vadd.since) {
            eprintln!("vector sets are left out: {} does not have them", server.description());
            let missing = client.vadd(FRUITS, [1.0_f32], "apple").await;
            assert!(matches!(missing, Err(Error::Server { .. })), "{missing:?}");
            return Ok(());
        }
        missing_keys(client).await?;
        elements(client).await?;
        attributes(client).await?;
        vectors(client).await?;
        links(client).await?;
        searches(client).await?;
        options_of_vadd(client).await?;
        bad_input(client).await
    })
    .await;
}

async fn missing_keys(client: &Client) -> Result<()> {
    assert_eq!((client.vcard(FRUITS).await?, client.vinfo(FRUITS).await?), (0, None));
    assert_eq!((client.vemb(FRUITS, "apple").await?, client.vemb_raw(FRUITS, "apple").await?), (None, None));
    assert_eq!(client.vgetattr::<String>(FRUITS, "apple").await?, None);
    assert!(!client.vsetattr(FRUITS, "apple", "{}").await? && !client.vismember(FRUITS, "apple").await?);
    assert_eq!((client.vlinks(FRUITS, 1).await?, client.vlinks_withscores(FRUITS, 1).await?), (None, None));
    assert_eq!((client.vrandmember(FRUITS).await?, client.vrandmember_count(FRUITS, 3).await?), (None, vec![]));
    assert!(!client.vrem(FRUITS, "apple").await?);
    let dimensions = client.vdim(FRUITS).await;
    assert!(matches!(dimensions, Err(Error::Server { .. })), "{dimensions:?}");

    let options = VsimOptions::new;
    assert!(client.vsim(FRUITS, Element("apple")).await?.is_empty());
    assert!(client.vsim_with(FRUITS, Element("apple"), options().withscores()).await?.is_empty());
    let all = options().withscores().withattribs::<String>();
    assert!(client.vsim_with(FRUITS, Element("apple"), all).await?.is_empty());
    assert_eq!(client.exists(FRUITS).await?, 0);
    Ok(())
}

async fn elements(client: &Client) -> Result<()> {
    assert!(client.vadd(FRUITS, [1.0_f32, 0.0, 0.0], "apple").await?);
    assert!(!client.vadd(FRUITS, vec![1.0_f64, 0.1, 0.0], "apple").await?);
    assert!(client.vadd(FRUITS, &[0.0_f32, 1.0, 0.0][..], "pear").await?);
    assert!(client.vismember(FRUITS, "apple").await? && !client.vismember(FRUITS, "kiwi").await?);
    assert_eq!((client.vcard(FRUITS).await?, client.vdim(FRUITS).await?), (2, 3));
    assert!(client.vrandmember(FRUITS).await?.is_some());
    assert_eq!(client.vrandmember_count(FRUITS, 5).await?.len(), 2);
    assert_eq!(client.vrandmember_count(FRUITS, -5).await?.len(), 5);
    assert_eq!(client.type_of(FRUITS).await?, Some(typedis::key::KeyType::VectorSet));
    let mismatch = client.vadd(FRUITS, [1.0_f32, 0.0], "kiwi").await;
    assert!(matches!(mismatch, Err(Error::Server { .. })), "{mismatch:?}");
    Ok(())
}

async fn attributes(client: &Client) -> Result<()> {
    assert!(client.vsetattr(FRUITS, "apple", r#"{"year":1990}"#).await?);
    assert_eq!(client.vgetattr::<String>(FRUITS, "apple").await?.as_deref(), Some(r#"{"year":1990}"#));
    assert_eq!(client.vgetattr::<String>(FRUITS, "pear").await?, None);
    assert_eq!(client.vinfo(FRUITS).await?.map(|info| info.attributes), Some(1));
    assert!(!client.vsetattr(FRUITS, "kiwi", "{}").await?);
    Ok(())
}

async fn vectors(client: &Client) -> Result<()> {
    client.vadd_with("whole", [1.0_f32, -2.0], "a", VaddOptions::new().noquant()).await?;
    let whole = client.vemb("whole", "a").await?.unwrap();
    assert!((whole[0] - 1.0).abs() < 1e-6 && (whole[1] + 2.0).abs() < 1e-6, "{whole:?}");
    let raw = client.vemb_raw("whole", "a").await?.unwrap();
    assert_eq!((raw.quantization, raw.bytes.len(), raw.range), (Quantization::Float32, 8, None));
    assert!((raw.norm - 5_f64.sqrt()).abs() < 1e-6, "{}", raw.norm);

    let raw = client.vemb_raw(FRUITS, "apple").await?.unwrap();
    assert_eq!((raw.quantization, &raw.bytes[..]), (Quantization::Int8, &[127_u8, 13, 0][..]));
    assert!(raw.range.is_some_and(|range| 0.9 < range && range < 1.0), "{:?}", raw.range);
    assert_eq!(client.vemb(FRUITS, "apple").await?.map(|vector| vector.len()), Some(3));

    client.vadd_with("signs", [1.0_f32, -2.0, 3.0], "a", VaddOptions::new().bin()).await?;
    assert_eq!(client.vemb("signs", "a").await?, Some(vec![1.0, -1.0, 1.0]));
    assert_eq!(client.vemb_raw("signs", "a").await?.unwrap().quantization, Quantization::Binary);
    Ok(())
}

async fn links(client: &Client) -> Result<()> {
    let levels = client.vlinks(FRUITS, "apple").await?.unwrap();
    assert_eq!(levels.last().unwrap(), &["pear"]);
    let scored = client.vlinks_withscores(FRUITS, "apple").await?.unwrap();
    let [(neighbour, score)] = &scored.last().unwrap()[..] else { panic!("one neighbour: {scored:?}") };
    assert!(neighbour == "pear" && 0.5 < *score && *score < 0.6, "{scored:?}");
    assert_eq!(client.vlinks(FRUITS, "kiwi").await?, None);
    client.vadd("alone", [1.0_f32], "a").await?;
    let alone: Vec<Vec<(String, f64)>> = client.vlinks_withscores("alone", "a").await?.unwrap();
    assert!(alone.iter().all(Vec::is_empty), "{alone:?}");
    Ok(())
}

async fn searches(client: &Client) -> Result<()> {
    let options = VsimOptions::new;
    assert_eq!(client.vsim(FRUITS, [1.0_f32, 0.0, 0.0]).await?, ["apple", "pear"]);
    assert_eq!(client.vsim(FRUITS, [0.0_f64, 1.0, 0.0]).await?, ["pear", "apple"]);
    assert_eq!(client.vsim(FRUITS, &Element("pear")).await?, ["pear", "apple"]);
    let apple = || Element("apple");
    assert_eq!(client.vsim_with(FRUITS, apple(), options().count(1)).await?, ["apple"]);
    let scored = client.vsim_with(FRUITS, apple(), options().withscores()).await?;
    assert!(scored[0] == ("apple".into(), 1.0) && scored[1].1 < 0.6, "{scored:?}");
    let close = options().epsilon(0.2).ef(50).filter(".year > 1900").filter_ef(10).truth().nothread();
    assert_eq!(client.vsim_with(FRUITS, apple(), close).await?, ["apple"]);

    let attributes = client.vsim_with(FRUITS, apple(), options().withattribs::<String>()).await?;
    assert_eq!(attributes, [("apple".into(), Some(r#"{"year":1990}"#.into())), ("pear".into(), None)]);
    let both = client.vsim_with(FRUITS, apple(), options().withattribs::<String>().withscores()).await?;
    assert_eq!(both[0], ("apple".to_owned(), 1.0, Some(r#"{"year":1990}"#.to_owned())));
    assert!(both[1].0 == "pear" && both[1].2.is_none() && both.len() == 2, "{both:?}");

    let unknown = client.vsim(FRUITS, Element("kiwi")).await;
    assert!(matches!(unknown, Err(Error::Server { .. })), "{unknown:?}");
    assert!(client.vrem(FRUITS, "pear").await? && !client.vrem(FRUITS, "pear").await?);
    Ok(())
}

async fn options_of_vadd(client: &Client) -> Result<()> {
    let small = || VaddOptions::new().reduce(2).cas().q8().ef(100).m(8);
    assert!(client.vadd_with("small", [1.0_f32, 2.0, 3.0], "a", small().setattr("{}")).await?);
    assert!(client.vadd_with("small", [1.0_f32, 2.0, 4.0], 7, small()).await?);
    let info = client.vinfo("small").await?.unwrap();
    assert_eq!((info.dimensions, info.projected_from, info.links, info.size), (2, 3, 8, 2));
    assert_eq!((info.quantization, info.attributes), (Quantization::Int8, 1));
    let other = client.vadd_with("small", [1.0_f32, 2.0, 4.0], "b", VaddOptions::new().reduce(2).bin()).await;
    assert!(matches!(other, Err(Error::Server { .. })), "{other:?}");
    Ok(())
}

fn assert_rejected<T: std::fmt::Debug>(result: Result<T>, part: &str) {
    match result {
        Err(error @ Error::Argument { .. }) => assert!(error.to_string().contains(part), "{error}"),
        other => panic!("{part}: {other:?}"),
    }
}

async fn bad_input(client: &Client) -> Result<()> {
    assert_rejected(client.vadd(FRUITS, Vec::<f32>::new(), "kiwi").await, "a vector has one number or more");
    assert_rejected(client.vsim(FRUITS, [f64::NAN, 1.0]).await, "a number of a vector is NaN");
    // As bytes the server takes it.
    assert!(client.vadd("unknown", [f32::NAN, 1.0], "kiwi").await?);
    let add = async |options: VaddOptions| client.vadd_with(FRUITS, [1.0_f32, 2.0, 3.0], "kiwi", options).await;
    assert_rejected(add(VaddOptions::new().reduce(0)).await, "REDUCE is to one dimension or more");
    assert_rejected(add(VaddOptions::new().ef(0)).await, "EF is 1 to 1000000");
    assert_rejected(add(VaddOptions::new().ef(1_000_001)).await, "EF is 1 to 1000000");
    assert_rejected(add(VaddOptions::new().m(3)).await, "M is 4 to 4096");
    assert_rejected(add(VaddOptions::new().m(4097)).await, "M is 4 to 4096");
    assert!(add(VaddOptions::new().ef(1_000_000)).await?);
    let find = async |options: VsimOptions| client.vsim_with(FRUITS, Element("apple"), options).await;
    assert_rejected(find(VsimOptions::new().count(0)).await, "COUNT is 1 or more");
    assert_rejected(find(VsimOptions::new().ef(0)).await, "EF is 1 or more");
    assert_rejected(find(VsimOptions::new().filter_ef(0)).await, "FILTER-EF is 1 or more");
    for distance in [0.0, -1.0, f64::NAN] {
        assert_rejected(find(VsimOptions::new().epsilon(distance)).await, "EPSILON is a number greater than 0");
    }
    Ok(())
}

#[tokio::test]
async fn vrange_answers_as_described() {
    let exchanges = &[
        ("VRANGE fruits - +", "*2 $5 apple $4 pear", "*2 $5 apple $4 pear"),
        ("VRANGE fruits (apple [z 1", "*1 $4 pear", "*1 $4 pear"),
        ("VRANGE nothing - (b", "*0", "*0"),
    ];
    on_described(exchanges, async |client| {
        assert_eq!(client.vrange(FRUITS, ..).await?, ["apple", "pear"]);
        let behind = (std::ops::Bound::Excluded("apple"), std::ops::Bound::Included("z"));
        assert_eq!(client.vrange_count(FRUITS, behind, 1).await?, ["pear"]);
        assert!(client.vrange::<String>("nothing", .."b").await?.is_empty());
        Ok(())
    })
    .await;
}
