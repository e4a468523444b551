//! Samples of several series, for TS.MADD.

use super::time::SampleTime;
use crate::{
    argument::{KeyRows, Writer},
    key::{KeyFor, TimeSeries},
};

/// Samples with the keys of their series: `(key, time, value)`, or an array, a slice or a `Vec` of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not made of samples with their keys",
    label = "expected `(key, time, value)`, or an array, slice or `Vec` of them",
    note = "a time is Unix milliseconds as `u64`, a `SystemTime` or `Now`, and a value is an `f64`"
)]
pub trait KeySamples: KeyRows<TimeSeries, 3> {}

#[diagnostic::do_not_recommend]
impl<T: KeyRows<TimeSeries, 3> + ?Sized> KeySamples for T {}

impl<K: KeyFor<TimeSeries>, T: SampleTime> KeyRows<TimeSeries, 3> for (K, T, f64) {
    fn rows(&self) -> usize {
        1
    }
    fn write_rows(&self, out: &mut Writer) {
        self.0.write(out);
        self.1.write_time(out);
        out.double(self.2);
    }
}
