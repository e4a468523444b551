//! Commands on places: members with positions on the earth.
//!
//! ```
//! use typedis::{Client, Key, commands::geo::{GeosearchOptions, Kilometers, Position}, key::Geo, prelude::*};
//!
//! const TOWNS: Key<Geo<String>> = Key::new("towns");
//!
//! # async fn example(client: &Client) -> typedis::Result<()> {
//! let palermo = (Position::new(13.361389, 38.115556), "Palermo");
//! let catania = (Position::new(15.087269, 37.502669), "Catania");
//! assert_eq!(client.geoadd(TOWNS, [palermo, catania]).await?, 2);
//!
//! let apart = client.geodist(TOWNS, "Palermo", "Catania", Kilometers).await?;
//! assert!(apart.is_some_and(|apart| Kilometers(166.0) < apart && apart < Kilometers(167.0)));
//!
//! let near = GeosearchOptions::fromlonlat(Position::new(15.0, 37.0)).byradius(Kilometers(200.0)).asc();
//! assert_eq!(client.geosearch(TOWNS, near.clone()).await?, ["Catania", "Palermo"]);
//! let (nearest, distance) = client.geosearch(TOWNS, near.count(1).withdist()).await?.remove(0);
//! assert!(nearest == "Catania" && distance < Kilometers(57.0));
//! # Ok(()) }
//! # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
//! ```

mod distance;
pub(crate) mod options;
mod place;

pub use distance::{Distance, Feet, Kilometers, Meters, Miles};
pub use options::{
    Around, GeoaddOptions, GeoradiusOptions, GeosearchOptions, InUnits, Radius, SearchArea, SearchCenter, SearchReply,
    StoresPlaces, With,
};
pub use place::{Places, Position};

use crate::{
    argument::{Argument, Arguments},
    command::flag::AvailableSince,
    key::{Anything, ElementsOf, Geo, KeyFor, Reads, SortedSet, Writes},
    reply::{Bulk, FromReply},
};
use distance::InUnit;
use place::FlatPlaces;

commands! {
    /// Commands on places: members with positions on the earth.
    ///
    /// The server keeps places in a sorted set, whose scores are the positions. So they fail with WRONGTYPE if a key
    /// holds anything else, and the commands on sorted sets work on places, too: ZREM removes a member, ZCARD counts
    /// them. A missing key counts as an empty set of places.
    ///
    /// Positions are degrees, longitude first. Distances have their unit in their type; they are measured on a sphere,
    /// which is wrong by up to 0.5 percent.
    pub trait GeoCommands in cmd;

    /// Adds members with their positions to the places at `key`, or moves existing ones, and returns the number of new
    /// members.
    ///
    /// # Errors
    ///
    /// [`Argument`](crate::Error::Argument) if a position is [out of range](Position), or if there is no place.
    fn geoadd[P: Places](key @ Geo<Writes<P::Member>>, places: P) -> Integer as u64
        = "GEOADD" (&key, FlatPlaces(&places)) as Geoadd {
            since: redis "3.2.0", arity: -5, access: ReadWrite, effect: Creates
        };

    /// Adds members with their positions to the places at `key`, or moves them, as the options say. Returns the number of
    /// new members, or with CH of new and of moved ones.
    ///
    /// # Errors
    ///
    /// [`Argument`](crate::Error::Argument) if a position is [out of range](Position), or if there is no place.
    fn geoadd_with[P: Places](key @ Geo<Writes<P::Member>>, places: P,
            options: GeoaddOptions<impl AvailableSince<Self::Server>, impl AvailableSince<Self::Server>>)
        -> Integer as u64
        = "GEOADD" (&key, &options, FlatPlaces(&places)) as GeoaddWith {
            since: redis "3.2.0", arity: -5, access: ReadWrite, effect: Preserves
        };

    /// Returns the distance between two members in a unit, such as [`Kilometers`], or `None` if one of them is not there.
    fn geodist[V: Argument, W: Argument]<U: Distance>
        (key @ Geo<Writes<(V, W)>>, member1: V, member2: W, unit: fn(f64) -> U) -> Nullable<Bulk> as Option<U>
        = "GEODIST" (&key, &member1, &member2, InUnit::of(unit)) as Geodist {
            since: redis "3.2.0", arity: -4, access: ReadOnly, effect: Preserves
        };

    /// Returns the position of each member as a Geohash of 11 letters, in the order of the members, with `None` for one
    /// that is not there.
    fn geohash[V: Arguments](key @ Geo<Writes<V>>, members: V) -> Array<Nullable<Bulk>> as Vec<Option<String>>
        = "GEOHASH" as Geohash {
            since: redis "3.2.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Returns the position of each member, in their order, with `None` for one that is not there.
    fn geopos[V: Arguments](key @ Geo<Writes<V>>, members: V)
        -> Array<Nullable<Tuple<(Double, Double)>>> as Vec<Option<Position>>
        = "GEOPOS" as Geopos {
            since: redis "3.2.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Returns the members at `key` in a circle around `position`. See [`geosearch`](Self::geosearch) for the reply.
    fn georadius<T: FromReply<Bulk>, W: SearchReply<T>>
        (key @ Geo<Reads<T>>, position: Position,
            options: GeoradiusOptions<impl Distance, impl Sized, impl AvailableSince<Self::Server>, W>)
        -> W::Shape as W::Reply
        = "GEORADIUS" as Georadius {
            since: redis "3.2.0", arity: -6, access: ReadWrite, effect: Preserves,
            deprecated: { redis: "6.2.0", instead: "GEOSEARCH" }
        };

    /// Returns the members at `key` in a circle around `position`. See [`geosearch`](Self::geosearch) for the reply.
    fn georadius_ro<T: FromReply<Bulk>, W: SearchReply<T>>
        (key @ Geo<Reads<T>>, position: Position,
            options: GeoradiusOptions<impl Distance, impl Sized, impl AvailableSince<Self::Server>, W>)
        -> W::Shape as W::Reply
        = "GEORADIUS_RO" as GeoradiusRo {
            since: redis "3.2.10", arity: -6, access: ReadOnly, effect: Preserves,
            deprecated: { redis: "6.2.0", instead: "GEOSEARCH" }
        };

    /// Stores the members at `key` in a circle around `position` at `destination`, with their positions, and returns their number.
    /// See [`geosearchstore`](Self::geosearchstore).
    fn georadius_store[D: KeyFor<Geo<Anything>>]
        (key @ Geo<ElementsOf<D::Kind>>, position: Position,
            options: GeoradiusOptions<impl Distance, impl Sized, impl AvailableSince<Self::Server>, impl StoresPlaces>,
            destination @= D of Geo => Unknown)
        -> Integer as u64
        = "GEORADIUS" (&key, &position, &options, "STORE", &destination) as GeoradiusStore {
            since: redis "3.2.0", arity: -6, access: ReadWrite, effect: Preserves,
            deprecated: { redis: "6.2.0", instead: "GEOSEARCHSTORE" }
        };

    /// Stores the members at `key` in a circle around `position` at `destination`, with their distances as scores, and returns their number.
    /// See [`geosearchstore`](Self::geosearchstore).
    fn georadius_storedist[D: KeyFor<SortedSet<Anything>>]
        (key @ Geo<ElementsOf<D::Kind>>, position: Position,
            options: GeoradiusOptions<impl Distance, impl Sized, impl AvailableSince<Self::Server>, impl StoresPlaces>,
            destination @= D of SortedSet => Unknown)
        -> Integer as u64
        = "GEORADIUS" (&key, &position, &options, "STOREDIST", &destination) as GeoradiusStoredist {
            since: redis "3.2.0", arity: -6, access: ReadWrite, effect: Preserves,
            deprecated: { redis: "6.2.0", instead: "GEOSEARCHSTORE" }
        };

    /// Returns the members at `key` in a circle around `member`. See [`geosearch`](Self::geosearch) for the reply.
    fn georadiusbymember<T: FromReply<Bulk>, W: SearchReply<T>>
        (key @ Geo<Reads<T>>, member: impl Argument,
            options: GeoradiusOptions<impl Distance, impl Sized, impl AvailableSince<Self::Server>, W>)
        -> W::Shape as W::Reply
        = "GEORADIUSBYMEMBER" as Georadiusbymember {
            since: redis "3.2.0", arity: -5, access: ReadWrite, effect: Preserves,
            deprecated: { redis: "6.2.0", instead: "GEOSEARCH" }
        };

    /// Returns the members at `key` in a circle around `member`. See [`geosearch`](Self::geosearch) for the reply.
    fn georadiusbymember_ro<T: FromReply<Bulk>, W: SearchReply<T>>
        (key @ Geo<Reads<T>>, member: impl Argument,
            options: GeoradiusOptions<impl Distance, impl Sized, impl AvailableSince<Self::Server>, W>)
        -> W::Shape as W::Reply
        = "GEORADIUSBYMEMBER_RO" as GeoradiusbymemberRo {
            since: redis "3.2.10", arity: -5, access: ReadOnly, effect: Preserves,
            deprecated: { redis: "6.2.0", instead: "GEOSEARCH" }
        };

    /// Stores the members at `key` in a circle around `member` at `destination`, with their positions, and returns their number.
    /// See [`geosearchstore`](Self::geosearchstore).
    fn georadiusbymember_store[D: KeyFor<Geo<Anything>>]
        (key @ Geo<ElementsOf<D::Kind>>, member: impl Argument,
            options: GeoradiusOptions<impl Distance, impl Sized, impl AvailableSince<Self::Server>, impl StoresPlaces>,
            destination @= D of Geo => Unknown)
        -> Integer as u64
        = "GEORADIUSBYMEMBER" (&key, &member, &options, "STORE", &destination) as GeoradiusbymemberStore {
            since: redis "3.2.0", arity: -5, access: ReadWrite, effect: Preserves,
            deprecated: { redis: "6.2.0", instead: "GEOSEARCHSTORE" }
        };

    /// Stores the members at `key` in a circle around `member` at `destination`, with their distances as scores, and returns their number.
    /// See [`geosearchstore`](Self::geosearchstore).
    fn georadiusbymember_storedist[D: KeyFor<SortedSet<Anything>>]
        (key @ Geo<ElementsOf<D::Kind>>, member: impl Argument,
            options: GeoradiusOptions<impl Distance, impl Sized, impl AvailableSince<Self::Server>, impl StoresPlaces>,
            destination @= D of SortedSet => Unknown)
        -> Integer as u64
        = "GEORADIUSBYMEMBER" (&key, &member, &options, "STOREDIST", &destination) as GeoradiusbymemberStoredist {
            since: redis "3.2.0", arity: -5, access: ReadWrite, effect: Preserves,
            deprecated: { redis: "6.2.0", instead: "GEOSEARCHSTORE" }
        };

    /// Returns the members at `key` in an area as a `Vec<T>`, or as a `Vec` of tuples: each member with its distance (in
    /// the unit of the area), its hash and its [`Position`], in this order, as far as the options ask for them.
    ///
    /// # Errors
    ///
    /// [`Argument`](crate::Error::Argument) if a position is out of range, a radius or a side negative, or a COUNT 0;
    /// [`Server`](crate::Error::Server) if the member that is the center is not there, unless the key is missing, too.
    fn geosearch<T: FromReply<Bulk>, W: SearchReply<T>>
        (key @ Geo<Reads<T>>,
            options: GeosearchOptions<impl SearchArea + AvailableSince<Self::Server>, impl Sized, impl Sized, W>)
        -> W::Shape as W::Reply
        = "GEOSEARCH" as Geosearch {
            since: redis "6.2.0", arity: -7, access: ReadOnly, effect: Preserves
        };

    /// Stores the members at `source` in an area with their positions at `destination`, overwrites any value there, and
    /// returns their number. If there are none, `destination` is removed.
    ///
    /// # Errors
    ///
    /// Those of [`geosearch`](Self::geosearch).
    fn geosearchstore[D: KeyFor<Geo<Anything>>]
        (destination @= D of Geo => Unknown, source @ Geo<ElementsOf<D::Kind>>,
            options: GeosearchOptions<impl SearchArea + AvailableSince<Self::Server>, impl Sized, impl Sized,
                impl StoresPlaces>)
        -> Integer as u64
        = "GEOSEARCHSTORE" as Geosearchstore {
            since: redis "6.2.0", arity: -8, access: ReadWrite, effect: Preserves
        };

    /// Stores the members at `source` in an area in the sorted set at `destination`, where their distances are the
    /// scores, in the unit of the area. Overwrites any value there and returns their number; if there are none,
    /// `destination` is removed.
    ///
    /// # Errors
    ///
    /// Those of [`geosearch`](Self::geosearch).
    fn geosearchstore_storedist[D: KeyFor<SortedSet<Anything>>]
        (destination @= D of SortedSet => Unknown, source @ Geo<ElementsOf<D::Kind>>,
            options: GeosearchOptions<impl SearchArea + AvailableSince<Self::Server>, impl Sized, impl Sized,
                impl StoresPlaces>)
        -> Integer as u64
        = "GEOSEARCHSTORE" (&destination, &source, &options, "STOREDIST") as GeosearchstoreStoredist {
            since: redis "6.2.0", arity: -8, access: ReadWrite, effect: Preserves
        };
}
