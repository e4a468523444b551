//! The commands on places, each run against a real server.

use crate::support::rows::{assert_all_ran, has, in_both_protocols};
use typedis::{
    Client, Error, Key, Result,
    commands::geo::{
        Feet, GeoaddOptions, GeoradiusOptions, GeosearchOptions, Kilometers, Meters, Miles, Position, SearchCenter,
    },
    key::{Geo, SortedSet},
    prelude::*,
};
use typedis_testing::{Server, Vendor};

const TOWNS: Key<Geo<String>> = Key::new("towns");
const PALERMO: Position = Position::new(13.361389, 38.115556);
const CATANIA: Position = Position::new(15.087269, 37.502669);

#[tokio::test]
async fn every_row_answers_as_declared() {
    in_both_protocols(async |server, client| {
        assert_eq!(client.geoadd(TOWNS, [(PALERMO, "Palermo"), (CATANIA, "Catania")]).await?, 2);
        positions(client).await?;
        deprecated_searches(client).await?;
        if has(server, (6, 2, 0), "what came with 6.2") {
            conditions(client).await?;
            searches(client).await?;
            stored_searches(client).await?;
            polygons(server, client).await?;
        }
        bad_input(client).await?;
        assert_all_ran(server, "geo").await;
        Ok(())
    })
    .await;
}

fn is_near(found: Position, wanted: Position) -> bool {
    (found.longitude - wanted.longitude).abs() < 0.001 && (found.latitude - wanted.latitude).abs() < 0.001
}

async fn positions(client: &Client) -> Result<()> {
    let found = client.geopos(TOWNS, ["Palermo", "nowhere", "Catania"]).await?;
    assert!(found[0].is_some_and(|found| is_near(found, PALERMO)) && found[1].is_none(), "{found:?}");
    assert!(found[2].is_some_and(|found| is_near(found, CATANIA)), "{found:?}");
    assert_eq!(client.geopos("nothing", ["a", "b"]).await?, [None, None]);

    let hashes = client.geohash(TOWNS, ["Palermo", "nowhere"]).await?;
    assert_eq!(hashes, [Some("sqc8b49rny0".to_owned()), None]);
    assert_eq!(client.geohash("nothing", "a").await?, [None]);

    assert_eq!(client.geodist(TOWNS, "Palermo", "Catania", Kilometers).await?, Some(Kilometers(166.2742)));
    assert_eq!(client.geodist(TOWNS, "Palermo", "Catania", Meters).await?, Some(Meters(166274.1516)));
    assert_eq!(client.geodist(TOWNS, "Palermo", "Catania", Miles).await?, Some(Miles(103.3182)));
    let feet: Option<Feet> = client.geodist(TOWNS, "Palermo", "Catania", Feet).await?;
    assert!(feet.is_some_and(|feet| (Meters::from(feet).0 - 166274.1516).abs() < 0.001), "{feet:?}");
    assert_eq!(client.geodist(TOWNS, "Palermo", "nowhere", Meters).await?, None);
    assert_eq!(client.geodist("nothing", 1, "2", Meters).await?, None);

    // Places are a sorted set to the server, and typed keys know it.
    assert_eq!((client.zcard(TOWNS).await?, client.zrange(TOWNS, 0, -1).await?.len()), (2, 2));
    assert_eq!(client.zrem(TOWNS, ["nowhere"]).await?, 0);
    Ok(())
}

async fn conditions(client: &Client) -> Result<()> {
    let new = GeoaddOptions::new();
    let places = [(PALERMO, "a"), (CATANIA, "b")];
    assert_eq!(client.geoadd_with("some", &places[..1], new.nx()).await?, 1);
    assert_eq!(client.geoadd_with("some", vec![(CATANIA, "a"), (CATANIA, "b")], new.xx().ch()).await?, 1);
    assert_eq!(client.geoadd_with("some", &places, new.nx().ch()).await?, 1);
    assert_eq!(client.geoadd_with("some", places, new).await?, 0);
    let found = client.geopos("some", "a").await?;
    assert!(found[0].is_some_and(|found| is_near(found, PALERMO)), "{found:?}");
    Ok(())
}

async fn searches(client: &Client) -> Result<()> {
    let here = || GeosearchOptions::fromlonlat(Position::new(15.0, 37.0)).byradius(Kilometers(200.0));
    assert_eq!(client.geosearch(TOWNS, here().asc()).await?, ["Catania", "Palermo"]);
    assert_eq!(client.geosearch(TOWNS, here().desc()).await?, ["Palermo", "Catania"]);
    assert_eq!(client.geosearch(TOWNS, here().count(1)).await?, ["Catania"]);
    assert_eq!(client.geosearch(TOWNS, here().count_any(1)).await?.len(), 1);
    let none: Vec<String> = client.geosearch("nothing", here()).await?;
    assert!(none.is_empty());
    let none: Vec<(String, Kilometers, u64, Position)> =
        client.geosearch("nothing", here().withdist().withhash().withcoord()).await?;
    assert!(none.is_empty());

    let one = || here().asc().count(1);
    let distance = client.geosearch(TOWNS, one().withdist()).await?;
    assert_eq!(distance, [("Catania".to_owned(), Kilometers(56.4413))]);
    assert_eq!(client.geosearch(TOWNS, one().withhash()).await?, [("Catania".to_owned(), 3479447370796909)]);
    let [(_, position)] = &client.geosearch(TOWNS, one().withcoord()).await?[..] else { panic!("one member") };
    assert!(is_near(*position, CATANIA));
    let both = client.geosearch(TOWNS, one().withhash().withdist()).await?;
    assert_eq!(both, [("Catania".to_owned(), Kilometers(56.4413), 3479447370796909)]);
    let [(_, distance, position)] = client.geosearch(TOWNS, one().withcoord().withdist()).await?[..] else {
        panic!("one member")
    };
    assert!(distance == Kilometers(56.4413) && is_near(position, CATANIA));
    let [(_, hash, position)] = client.geosearch(TOWNS, one().withcoord().withhash()).await?[..] else {
        panic!("one member")
    };
    assert!(hash == 3479447370796909 && is_near(position, CATANIA));
    let all = client.geosearch(TOWNS, one().withcoord().withhash().withdist()).await?;
    assert!(all[0].1 == Kilometers(56.4413) && all[0].2 == hash && is_near(all[0].3, CATANIA));

    let around = |center: SearchCenter| center.bybox(Miles(10.0), Miles(10.0));
    let found = client.geosearch(TOWNS, around(GeosearchOptions::frommember("Palermo")).withdist()).await?;
    assert_eq!(found, [("Palermo".to_owned(), Miles(0.0))]);
    let nobody: Result<Vec<String>> = client.geosearch(TOWNS, around(GeosearchOptions::frommember("nobody"))).await;
    assert!(matches!(nobody, Err(Error::Server { .. })), "{nobody:?}");
    Ok(())
}

async fn stored_searches(client: &Client) -> Result<()> {
    const NEAR: Key<Geo<String>> = Key::new("near");
    const DISTANCES: Key<SortedSet<String>> = Key::new("distances");
    let here = |radius| GeosearchOptions::fromlonlat(Position::new(15.0, 37.0)).byradius(radius);
    assert_eq!(client.geosearchstore(NEAR, TOWNS, here(Kilometers(100.0))).await?, 1);
    assert!(is_near(client.geopos(NEAR, "Catania").await?[0].unwrap(), CATANIA));
    assert_eq!(client.geosearchstore_storedist(DISTANCES, TOWNS, here(Kilometers(200.0)).count(5)).await?, 2);
    assert!((client.zscore(DISTANCES, "Catania").await?.unwrap() - 56.4413).abs() < 0.001);
    assert_eq!(client.geosearchstore(NEAR, TOWNS, here(Kilometers(1.0))).await?, 0);
    assert_eq!(client.exists(NEAR).await?, 0);
    Ok(())
}

async fn polygons(server: &Server, client: &Client) -> Result<()> {
    let corners = [(13.0, 38.0), (13.0, 39.0), (16.0, 39.0), (16.0, 38.0)];
    let corners = || corners.into_iter().map(|(longitude, latitude)| Position { longitude, latitude });
    let inside = || GeosearchOptions::bypolygon(corners());
    let has_polygons = server.vendor() == Vendor::Valkey && server.version() >= (9, 0, 0);
    let found = client.geosearch(TOWNS, inside().withdist()).await;
    if has_polygons {
        let found = found?;
        assert!(found[0].0 == "Palermo" && found[0].1 > Meters(90_000.0), "{found:?}");
        assert_eq!(client.geosearchstore("inside", TOWNS, inside()).await?, 1);
    } else {
        assert!(matches!(found, Err(Error::Server { .. })), "{found:?}");
    }
    assert_rejected(client.geosearch(TOWNS, GeosearchOptions::bypolygon(corners().take(2))).await, "three vertices");
    Ok(())
}

async fn deprecated_searches(client: &Client) -> Result<()> {
    let here = Position::new(15.0, 37.0);
    let near = || GeoradiusOptions::new(Kilometers(200.0));
    let found = client.georadius(TOWNS, here, near().asc().withdist()).await?;
    assert_eq!(found, [("Catania".into(), Kilometers(56.4413)), ("Palermo".into(), Kilometers(190.4424))]);
    assert_eq!(client.georadius_ro(TOWNS, here, near().desc()).await?, ["Palermo", "Catania"]);
    assert_eq!(client.georadiusbymember(TOWNS, "Palermo", near().count(1)).await?, ["Palermo"]);
    assert_eq!(client.georadiusbymember_ro(TOWNS, "Palermo", near().withhash().count(1)).await?[0].1, 3479099956230698);
    let none: Vec<String> = client.georadiusbymember_ro("nothing", "Palermo", near()).await?;
    assert!(none.is_empty());
    assert_eq!(client.georadius_store(TOWNS, here, near(), "stored").await?, 2);
    assert_eq!(client.georadius_storedist(TOWNS, here, near().count(1), "stored").await?, 1);
    assert_eq!(client.georadiusbymember_store(TOWNS, "Catania", near(), "stored").await?, 2);
    assert_eq!(client.georadiusbymember_storedist(TOWNS, "Catania", near(), "stored").await?, 2);
    assert_eq!(client.zscore("stored", "Catania").await?, Some(0.0));
    Ok(())
}

fn assert_rejected<T: std::fmt::Debug>(result: Result<T>, part: &str) {
    match result {
        Err(error @ Error::Argument { .. }) => assert!(error.to_string().contains(part), "{error}"),
        other => panic!("{part}: {other:?}"),
    }
}

async fn bad_input(client: &Client) -> Result<()> {
    for (longitude, latitude, part) in [
        (180.001, 0.0, "a longitude is a number from -180"),
        (f64::NAN, 0.0, "a longitude"),
        (0.0, 85.06, "a latitude is a number from -85"),
        (0.0, f64::INFINITY, "a latitude"),
    ] {
        let there = Position::new(longitude, latitude);
        assert_rejected(client.geoadd(TOWNS, (there, "x")).await, part);
        let search = GeosearchOptions::fromlonlat(there).byradius(Meters(1.0));
        assert_rejected(client.geosearch(TOWNS, search).await, part);
        assert_rejected(client.georadius_ro(TOWNS, there, GeoradiusOptions::new(Meters(1.0))).await, part);
    }
    assert_eq!(client.geoadd("edges", [(Position::new(180.0, 85.05112878), "a")]).await?, 1);
    assert_eq!(client.geoadd("edges", [(Position::new(-180.0, -85.05112878), "b")]).await?, 1);
    assert_rejected(client.geoadd(TOWNS, Vec::<(Position, String)>::new()).await, "an empty collection");
    assert_rejected(client.geopos(TOWNS, Vec::<String>::new()).await, "an empty collection");

    let here = || GeosearchOptions::frommember("Palermo");
    for radius in [-1.0, f64::NAN] {
        assert_rejected(client.geosearch(TOWNS, here().byradius(Meters(radius))).await, "a radius or a side");
        assert_rejected(client.geosearch(TOWNS, here().bybox(Feet(1.0), Feet(radius))).await, "a radius or a side");
    }
    assert_rejected(client.geosearch(TOWNS, here().byradius(Meters(1.0)).count(0)).await, "a COUNT of no members");
    Ok(())
}
