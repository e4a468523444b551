//! Options of the commands on places, and the types of their replies.

use super::{
    distance::{Distance, Length, Meters},
    place::Position,
};
use crate::{
    argument::Argument,
    command::{
        flag::{Asc, ByPolygon, CountAny, Desc, Flag, GeoaddCh, GeoaddNx, GeoaddXx, Has},
        option::{Checked, IsSet, IsUnset, OptionField, Unset, Word, WordSink, options},
    },
    reply::{Array, Bulk, Double, FromReply, Integer, Tuple},
};
use std::marker::PhantomData;

options! {
    /// Options of GEOADD, for [`geoadd_with`](crate::commands::GeoCommands::geoadd_with): a condition, and what is
    /// counted. All since 6.2.
    #[derive(Clone, Copy, Debug)]
    pub struct GeoaddOptions<C = Unset, H = Unset> with new {
        condition: Option<&'static str>,
        ch: bool = GeoaddCh::WORD,
    }
}

impl<C, H> GeoaddOptions<C, H> {
    /// Adds new members only, and moves no existing one (NX, since 6.2).
    pub fn nx(self) -> GeoaddOptions<GeoaddNx, H>
    where
        C: IsUnset,
    {
        GeoaddOptions { condition: Some(GeoaddNx::WORD), ..GeoaddOptions::retyped(self) }
    }

    /// Moves existing members only, and adds none (XX, since 6.2).
    pub fn xx(self) -> GeoaddOptions<GeoaddXx, H>
    where
        C: IsUnset,
    {
        GeoaddOptions { condition: Some(GeoaddXx::WORD), ..GeoaddOptions::retyped(self) }
    }

    /// Counts members that were moved too, not only new ones (CH, since 6.2).
    pub fn ch(self) -> GeoaddOptions<C, GeoaddCh> {
        GeoaddOptions { ch: true, ..GeoaddOptions::retyped(self) }
    }
}

options! {
    /// The area of a search with its options, for [`geosearch`](crate::commands::GeoCommands::geosearch) and
    /// [`geosearchstore`](crate::commands::GeoCommands::geosearchstore).
    ///
    /// The constructor chooses the center, then follow [`byradius`](SearchCenter::byradius) or
    /// [`bybox`](SearchCenter::bybox); a [polygon](GeosearchOptions::bypolygon) has no center of its own. Without an
    /// order the members come in none.
    ///
    /// ```
    /// # use typedis::{commands::geo::{GeosearchOptions, Kilometers, Position}, prelude::*, Client};
    /// # async fn example(client: &Client) -> typedis::Result<()> {
    /// client.geoadd("towns", (Position::new(13.361389, 38.115556), "Palermo")).await?;
    /// let near = GeosearchOptions::fromlonlat(Position::new(13.4, 38.1)).byradius(Kilometers(200.0)).asc().withdist();
    /// let found: Vec<(String, Kilometers)> = client.geosearch("towns", near).await?;
    /// assert!(found[0].0 == "Palermo" && found[0].1 < Kilometers(4.0));
    /// # Ok(()) }
    /// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
    /// ```
    #[derive(Clone, Debug)]
    pub struct GeosearchOptions<A, O = Unset, N = Unset, W = With> {
        area: Area,
        order: Option<&'static str>,
        count: Option<Count> = "COUNT",
        withcoord: bool = "WITHCOORD",
        withdist: bool = "WITHDIST",
        withhash: bool = "WITHHASH",
    }
}

/// Options of the GEORADIUS family, for [`georadius`](crate::commands::GeoCommands::georadius) and the like:
/// `GeoradiusOptions::new(Kilometers(200.0))`.
pub type GeoradiusOptions<U, O = Unset, N = Unset, W = With> = GeosearchOptions<Radius<U>, O, N, W>;

/// The center of a search, which needs its extent: [`byradius`](SearchCenter::byradius) or
/// [`bybox`](SearchCenter::bybox).
#[derive(Clone, Debug)]
#[must_use]
pub struct SearchCenter(Center);

impl SearchCenter {
    /// Selects the members up to `radius` from the center (BYRADIUS). A negative one is an
    /// [`Error::Argument`](crate::Error::Argument).
    pub fn byradius<U: Distance>(self, radius: U) -> GeosearchOptions<Around<U>> {
        GeosearchOptions::of(Area::Radius(self.0, Length(radius.units()), U::UNIT))
    }

    /// Selects the members in a box around the center, whose sides run from east to west and from north to south
    /// (BYBOX). A negative side is an [`Error::Argument`](crate::Error::Argument).
    pub fn bybox<U: Distance>(self, width: U, height: U) -> GeosearchOptions<Around<U>> {
        GeosearchOptions::of(Area::Box(self.0, Length(width.units()), Length(height.units()), U::UNIT))
    }
}

/// The state of a search around a center, with distances in the unit `U`.
#[derive(Clone, Copy, Debug)]
pub struct Around<U>(PhantomData<fn() -> U>);

/// The state of the GEORADIUS family, whose center is an argument of its own, with distances in the unit `U`.
#[derive(Clone, Copy, Debug)]
pub struct Radius<U>(PhantomData<fn() -> U>);

impl<U> Flag for Around<U> {}
impl<V, U> Has<Around<U>> for V {}
impl<U> Flag for Radius<U> {}
impl<V, U> Has<Radius<U>> for V {}

/// An area with the unit of the distances in it.
pub trait InUnits {
    /// The unit of the distances that [`withdist`](GeosearchOptions::withdist) returns.
    type Unit: Distance;
}

impl<U: Distance> InUnits for Around<U> {
    type Unit = U;
}
impl<U: Distance> InUnits for Radius<U> {
    type Unit = U;
}
/// Without a unit the server counts in meters.
impl InUnits for ByPolygon {
    type Unit = Meters;
}

/// An area that GEOSEARCH takes.
#[diagnostic::on_unimplemented(
    message = "GEOSEARCH needs an area with its center, and this one is `{Self}`",
    label = "not an area of GEOSEARCH",
    note = "begin with `GeosearchOptions::frommember(..)`, `fromlonlat(..)` or `bypolygon(..)`"
)]
pub trait SearchArea {}
impl<U> SearchArea for Around<U> {}
impl SearchArea for ByPolygon {}

impl GeosearchOptions<Unset> {
    /// Centers the search on a member (FROMMEMBER).
    pub fn frommember(member: impl Argument) -> SearchCenter {
        SearchCenter(Center::Member(Word::of(&member)))
    }

    /// Centers the search on a position (FROMLONLAT).
    pub fn fromlonlat(position: Position) -> SearchCenter {
        SearchCenter(Center::Position(position))
    }

    /// Selects the members in a polygon with these vertices, and measures distances in meters from its middle (BYPOLYGON,
    /// Valkey 9.0). Less than three are an [`Error::Argument`](crate::Error::Argument).
    pub fn bypolygon(vertices: impl IntoIterator<Item = Position>) -> GeosearchOptions<ByPolygon> {
        GeosearchOptions::of(Area::Polygon(vertices.into_iter().collect()))
    }
}

impl<U: Distance> GeoradiusOptions<U> {
    /// Selects the members up to `radius` from the center. A negative one is an
    /// [`Error::Argument`](crate::Error::Argument).
    pub fn new(radius: U) -> Self {
        GeosearchOptions::of(Area::RadiusAlone(Length(radius.units()), U::UNIT))
    }
}

impl<A> GeosearchOptions<A> {
    fn of(area: Area) -> Self {
        GeosearchOptions {
            area,
            order: None,
            count: None,
            withcoord: false,
            withdist: false,
            withhash: false,
            given: PhantomData,
        }
    }
}

impl<A, O, N, W> GeosearchOptions<A, O, N, W> {
    /// Returns the nearest members first (ASC).
    pub fn asc(self) -> GeosearchOptions<A, Asc, N, W>
    where
        O: IsUnset,
    {
        GeosearchOptions { order: Some(Asc::WORD), ..GeosearchOptions::retyped(self) }
    }

    /// Returns the farthest members first (DESC).
    pub fn desc(self) -> GeosearchOptions<A, Desc, N, W>
    where
        O: IsUnset,
    {
        GeosearchOptions { order: Some(Desc::WORD), ..GeosearchOptions::retyped(self) }
    }

    /// Returns at most `members` members, the nearest ones (COUNT). 0 is an [`Error::Argument`](crate::Error::Argument).
    pub fn count(self, members: u64) -> GeosearchOptions<A, O, Unset, W> {
        GeosearchOptions { count: Some(Count { members, any: false }), ..GeosearchOptions::retyped(self) }
    }

    /// Returns at most `members` members, the first that are found and not the nearest, which is faster (COUNT ANY, since
    /// 6.2). 0 is an [`Error::Argument`](crate::Error::Argument).
    pub fn count_any(self, members: u64) -> GeosearchOptions<A, O, CountAny, W> {
        GeosearchOptions { count: Some(Count { members, any: true }), ..GeosearchOptions::retyped(self) }
    }
}

impl<A: InUnits, O, N, H, C> GeosearchOptions<A, O, N, With<Unset, H, C>> {
    /// Returns each member with its distance from the center, in the unit of the area (WITHDIST).
    pub fn withdist(self) -> GeosearchOptions<A, O, N, With<A::Unit, H, C>> {
        GeosearchOptions { withdist: true, ..GeosearchOptions::retyped(self) }
    }
}

impl<A, O, N, D, C> GeosearchOptions<A, O, N, With<D, Unset, C>> {
    /// Returns each member with the number that its position is stored as (WITHHASH).
    pub fn withhash(self) -> GeosearchOptions<A, O, N, With<D, IsSet, C>> {
        GeosearchOptions { withhash: true, ..GeosearchOptions::retyped(self) }
    }
}

impl<A, O, N, D, H> GeosearchOptions<A, O, N, With<D, H, Unset>> {
    /// Returns each member with its position (WITHCOORD).
    pub fn withcoord(self) -> GeosearchOptions<A, O, N, With<D, H, IsSet>> {
        GeosearchOptions { withcoord: true, ..GeosearchOptions::retyped(self) }
    }
}

/// The state of what a search returns beside each member: a distance `D`, a hash `H` and coordinates `C`.
#[derive(Clone, Copy, Debug)]
pub struct With<D = Unset, H = Unset, C = Unset>(PhantomData<fn() -> (D, H, C)>);

/// The reply with members of type `T`: a `Vec<T>`, or a `Vec` of tuples of the member, its distance, its hash and its
/// position, in this order, as far as the options ask for them.
pub trait SearchReply<T> {
    /// The reply's shape.
    type Shape;
    /// The reply's type.
    type Reply: FromReply<Self::Shape>;
}

/// The shape of a position.
type Coordinates = Tuple<(Double, Double)>;

macro_rules! replies {
    ($([$($unit:ident)?] $with:ty => $shape:ty as $reply:ty;)*) => {$(
        impl<T: FromReply<Bulk> $(, $unit: Distance)?> SearchReply<T> for $with {
            type Shape = Array<$shape>;
            type Reply = Vec<$reply>;
        }
    )*};
}

replies! {
    [] With => Bulk as T;
    [U] With<U> => Tuple<(Bulk, Bulk)> as (T, U);
    [] With<Unset, IsSet> => Tuple<(Bulk, Integer)> as (T, u64);
    [] With<Unset, Unset, IsSet> => Tuple<(Bulk, Coordinates)> as (T, Position);
    [U] With<U, IsSet> => Tuple<(Bulk, Bulk, Integer)> as (T, U, u64);
    [U] With<U, Unset, IsSet> => Tuple<(Bulk, Bulk, Coordinates)> as (T, U, Position);
    [] With<Unset, IsSet, IsSet> => Tuple<(Bulk, Integer, Coordinates)> as (T, u64, Position);
    [U] With<U, IsSet, IsSet> => Tuple<(Bulk, Bulk, Integer, Coordinates)> as (T, U, u64, Position);
}

/// What a search that stores its result returns beside each member: nothing.
#[diagnostic::on_unimplemented(
    message = "WITHDIST, WITHHASH and WITHCOORD do not go with a command that stores its result",
    label = "returns more than the number of members",
    note = "leave them out; `geosearchstore_storedist` stores the distances"
)]
pub trait StoresPlaces {}
impl StoresPlaces for With {}

/// The center of a search.
#[derive(Clone, Debug)]
enum Center {
    Member(Word),
    Position(Position),
}

impl OptionField for Center {
    fn send(&self, _: Option<&'static str>, out: &mut impl WordSink) {
        match self {
            Center::Member(member) => member.send(Some("FROMMEMBER"), out),
            Center::Position(position) => position.send(Some("FROMLONLAT"), out),
        }
    }
}

/// The area of a search.
#[derive(Clone, Debug)]
enum Area {
    Radius(Center, Length, &'static str),
    Box(Center, Length, Length, &'static str),
    Polygon(Vec<Position>),
    /// The center is another argument of the command.
    RadiusAlone(Length, &'static str),
}

impl OptionField for Area {
    fn send(&self, _: Option<&'static str>, out: &mut impl WordSink) {
        match self {
            Area::Radius(center, radius, unit) => {
                center.send(None, out);
                radius.send(Some("BYRADIUS"), out);
                out.argument(*unit);
            }
            Area::Box(center, width, height, unit) => {
                center.send(None, out);
                width.send(Some("BYBOX"), out);
                height.send(None, out);
                out.argument(*unit);
            }
            Area::Polygon(vertices) => {
                let reason = if vertices.len() < 3 { Some("a polygon has three vertices or more") } else { None };
                out.word(Some(ByPolygon::WORD));
                out.argument(&Checked(vertices.len(), reason));
                vertices.iter().for_each(|vertex| vertex.send(None, out));
            }
            Area::RadiusAlone(radius, unit) => {
                radius.send(None, out);
                out.argument(*unit);
            }
        }
    }
}

/// The greatest number of members, and whether the first ones do.
#[derive(Clone, Copy, Debug)]
struct Count {
    members: u64,
    any: bool,
}

impl OptionField for Count {
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        let reason = if self.members == 0 { Some("a COUNT of no members; it begins with 1") } else { None };
        out.word(word);
        out.argument(&Checked(self.members, reason));
        self.any.send(Some(CountAny::WORD), out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        command::option::encoded,
        commands::geo::distance::{Feet, Kilometers, Miles},
    };

    #[test]
    fn options_of_geoadd_are_its_words() {
        assert_eq!(encoded(&GeoaddOptions::new()), "");
        assert_eq!(encoded(&GeoaddOptions::new().ch().nx()), "NX CH");
        assert_eq!(encoded(&GeoaddOptions::default().xx()), "XX");
    }

    #[test]
    fn options_of_geosearch_are_its_words() {
        let here = || GeosearchOptions::fromlonlat(Position::new(13.5, -38.0));
        assert_eq!(encoded(&here().byradius(Kilometers(2.5))), "FROMLONLAT 13.5 -38 BYRADIUS 2.5 km");
        assert_eq!(
            encoded(&GeosearchOptions::frommember(7).bybox(Feet(1.0), Feet(2.0)).asc().withhash().count_any(3)),
            "FROMMEMBER 7 BYBOX 1 2 ft ASC COUNT 3 ANY WITHHASH"
        );
        let all = here().byradius(Miles(1.0)).withcoord().withdist().withhash().count_any(1).count(2).desc();
        assert_eq!(encoded(&all), "FROMLONLAT 13.5 -38 BYRADIUS 1 mi DESC COUNT 2 WITHCOORD WITHDIST WITHHASH");
        let triangle =
            GeosearchOptions::bypolygon([Position::new(1.0, 2.0), Position::new(3.0, 4.0), Position::default()]);
        assert_eq!(encoded(&triangle), "BYPOLYGON 3 1 2 3 4 0 0");
        assert_eq!(encoded(&GeoradiusOptions::new(Meters(5.0)).asc()), "5 m ASC");
    }
}
