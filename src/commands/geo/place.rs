//! Positions on the earth, and the places that GEOADD stores.

use crate::{
    argument::{Argument, Arguments},
    command::option::{Checked, OptionField, WordSink, arguments},
    reply::{Double, FromReply, Tuple},
    resp::{DecodeError, Reader, Writer},
};

/// A position on the earth, in degrees of the coordinate system WGS84 (EPSG:3857).
///
/// The server stores positions from -180 to 180 degrees of longitude and from -85.05112878 to 85.05112878 degrees of
/// latitude. A command with another one is an [`Error::Argument`](crate::Error::Argument) before anything is sent. It
/// stores 52 bits of each, so what is read differs by up to half a meter from what was written.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Position {
    /// The degrees to the east of Greenwich; negative ones are to the west.
    pub longitude: f64,
    /// The degrees to the north of the equator; negative ones are to the south.
    pub latitude: f64,
}

/// The greatest longitude and latitude that the server stores.
const LONGITUDE: f64 = 180.0;
const LATITUDE: f64 = 85.05112878;

impl Position {
    /// Makes a position of its longitude and its latitude, in degrees.
    pub const fn new(longitude: f64, latitude: f64) -> Self {
        Position { longitude, latitude }
    }

    /// Returns the reason why no server stores the position.
    pub(crate) fn objection(self) -> Option<&'static str> {
        let Position { longitude, latitude } = self;
        if !(-LONGITUDE..=LONGITUDE).contains(&longitude) {
            return Some("a longitude is a number from -180 to 180");
        }
        let is_latitude = (-LATITUDE..=LATITUDE).contains(&latitude);
        if is_latitude { None } else { Some("a latitude is a number from -85.05112878 to 85.05112878") }
    }
}

impl OptionField for Position {
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        out.word(word);
        out.argument(&Checked(self.longitude, self.objection()));
        out.argument(&self.latitude);
    }
}
arguments!([] Position);

#[diagnostic::do_not_recommend]
impl FromReply<Tuple<(Double, Double)>> for Position {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (longitude, latitude) = FromReply::<Tuple<(Double, Double)>>::read(reader)?;
        Ok(Position { longitude, latitude })
    }
}

/// One or several members with their positions, for GEOADD: `(Position::new(13.36, 38.12), "Palermo")`, or an array, a
/// slice or a `Vec` of them. None is an [`Error::Argument`](crate::Error::Argument).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not made of places",
    label = "expected `(Position, member)`, or an array, slice or `Vec` of them",
    note = "write it as `(Position::new(longitude, latitude), \"member\")`"
)]
pub trait Places {
    /// The type of a member.
    type Member: Argument;

    /// Returns the places.
    #[doc(hidden)]
    fn places(&self) -> &[(Position, Self::Member)];
}

impl<M: Argument> Places for (Position, M) {
    type Member = M;
    fn places(&self) -> &[(Position, M)] {
        std::slice::from_ref(self)
    }
}

impl<P: Places + ?Sized> Places for &P {
    type Member = P::Member;
    fn places(&self) -> &[(Position, P::Member)] {
        (**self).places()
    }
}

macro_rules! places {
    ($($type:ty, [$($generics:tt)*];)*) => {$(
        impl<M: Argument, $($generics)*> Places for $type {
            type Member = M;
            fn places(&self) -> &[(Position, M)] {
                self
            }
        }
    )*};
}
places! {
    [(Position, M)], [];
    [(Position, M); N], [const N: usize];
    Vec<(Position, M)>, [];
}

/// Places on the wire: longitude, latitude and member of each.
pub(super) struct FlatPlaces<'a, P: ?Sized>(pub(super) &'a P);

impl<P: Places + ?Sized> Arguments for FlatPlaces<'_, P> {
    type Item = P::Member;
    fn count(&self) -> usize {
        self.0.places().len().wrapping_mul(3)
    }
    fn write_all(&self, out: &mut Writer) {
        if self.0.places().is_empty() {
            out.reject("an empty collection where the command needs at least one place; leave the command out");
        }
        for (position, member) in self.0.places() {
            position.send(None, out);
            member.write(out);
        }
    }
}
