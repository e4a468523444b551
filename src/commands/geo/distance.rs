//! Distances, each unit a type, so that a number of miles is never taken for kilometres.

use crate::{
    argument::{Argument, Arguments},
    command::option::{Checked, OptionField, WordSink},
    reply::{Bulk, FromReply},
    resp::{DecodeError, Reader, Writer},
};
use std::marker::PhantomData;

/// A distance in one of the units that the server knows: [`Meters`], [`Kilometers`], [`Feet`] or [`Miles`].
///
/// ```
/// use typedis::commands::geo::{Distance, Kilometers, Meters, Miles};
///
/// assert_eq!(Meters::from(Kilometers(1.5)), Meters(1500.0));
/// assert_eq!(Miles(2.0).to_meters(), 2.0 * 1609.34);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a distance",
    label = "expected a number with its unit",
    note = "write it as `Meters(500.0)`, `Kilometers(2.5)`, `Feet(900.0)` or `Miles(3.0)`, of `typedis::commands::geo`"
)]
pub trait Distance: Copy + FromReply<Bulk> + sealed::Sealed {
    /// The server's word for the unit, such as `km`.
    const UNIT: &'static str;
    /// The length of the unit in meters, as the server has it.
    const METERS: f64;

    /// Makes a distance of so many units.
    fn of(units: f64) -> Self;

    /// Returns the number of units.
    fn units(self) -> f64;

    /// Returns the number of meters.
    fn to_meters(self) -> f64 {
        self.units() * Self::METERS
    }
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! distances {
    ($($(#[$doc:meta])* $name:ident $unit:literal $meters:literal from $($other:ident)+;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
        pub struct $name(pub f64);

        impl sealed::Sealed for $name {}

        #[diagnostic::do_not_recommend]
        impl Distance for $name {
            const UNIT: &'static str = $unit;
            const METERS: f64 = $meters;

            fn of(units: f64) -> Self {
                $name(units)
            }

            fn units(self) -> f64 {
                self.0
            }
        }

        #[diagnostic::do_not_recommend]
        impl FromReply<Bulk> for $name {
            fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
                reader.double().map($name)
            }
        }

        $(
            #[diagnostic::do_not_recommend]
            impl From<$other> for $name {
                fn from(distance: $other) -> Self {
                    $name(distance.to_meters() / $meters)
                }
            }
        )+
    )+};
}

distances! {
    /// A distance in meters.
    Meters "m" 1.0 from Kilometers Feet Miles;
    /// A distance in kilometers.
    Kilometers "km" 1000.0 from Meters Feet Miles;
    /// A distance in feet.
    Feet "ft" 0.3048 from Meters Kilometers Miles;
    /// A distance in miles, each of which the server takes for 1609.34 meters.
    Miles "mi" 1609.34 from Meters Kilometers Feet;
}

/// The word of a unit.
pub(super) struct InUnit<U>(PhantomData<fn() -> U>);

impl<U> InUnit<U> {
    /// The unit of the distances that `constructor` makes, such as `Kilometers`.
    pub(super) fn of(_constructor: fn(f64) -> U) -> Self {
        InUnit(PhantomData)
    }
}

impl<U: Distance> Arguments for InUnit<U> {
    type Item = str;
    fn count(&self) -> usize {
        1
    }
    fn write_all(&self, out: &mut Writer) {
        U::UNIT.write(out);
    }
}

/// A length on the wire, without its unit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Length(pub(super) f64);

impl OptionField for Length {
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        // The comparison is false for NaN.
        let reason = if self.0 >= 0.0 { None } else { Some("a radius or a side of a box is a number from 0 on") };
        out.word(word);
        out.argument(&Checked(self.0, reason));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_converted_as_the_server_does() {
        assert_eq!(Kilometers::from(Meters(166_274.0)), Kilometers(166.274));
        assert_eq!(Feet::from(Meters(0.6096)), Feet(2.0));
        assert_eq!(Miles::from(Kilometers(1.60934)), Miles(1.0));
        assert_eq!((Kilometers::of(2.0).units(), Kilometers(2.0).to_meters()), (2.0, 2000.0));
    }
}
