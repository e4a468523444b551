//! Points in time, ranges and durations of time series, as the milliseconds that the module counts in.

use crate::{
    argument::Argument,
    command::option::{Checked, OptionField, WordSink, arguments},
    resp::Writer,
};
use std::{
    ops::{Bound, Range, RangeFrom, RangeFull, RangeInclusive, RangeTo, RangeToInclusive},
    time::{Duration, SystemTime},
};

/// The last millisecond that the module counts to.
const LAST: u64 = i64::MAX as u64;

/// The reason why a range cannot be sent that ends before the first time there is.
const NO_TIMES: &str = "a range whose end is before 0 has no times";

const OUT_OF_RANGE: &str = "a time series has times from 1970 on, as milliseconds of 63 bits";

/// A point in time: Unix milliseconds as `u64`, or a [`SystemTime`], of which the milliseconds count.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no point in time of a time series",
    label = "expected Unix milliseconds as `u64`, or a `SystemTime`"
)]
pub trait Timestamp {
    /// Returns the Unix time in milliseconds; `None` for a time that no sample can have.
    fn millis(&self) -> Option<u64>;
}

impl Timestamp for u64 {
    fn millis(&self) -> Option<u64> {
        (*self <= LAST).then_some(*self)
    }
}

impl Timestamp for SystemTime {
    fn millis(&self) -> Option<u64> {
        let since = self.duration_since(SystemTime::UNIX_EPOCH).ok()?;
        u64::try_from(since.as_millis()).ok()?.millis()
    }
}

#[diagnostic::do_not_recommend]
impl<T: Timestamp + ?Sized> Timestamp for &T {
    fn millis(&self) -> Option<u64> {
        (**self).millis()
    }
}

/// A point in time on the wire.
pub(crate) fn point<T: Timestamp + ?Sized>(time: &T) -> Checked<u64> {
    let millis = time.millis();
    Checked(millis.unwrap_or_default(), millis.is_none().then_some(OUT_OF_RANGE))
}

/// The server's time (`*`), as the time of a new sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now;

/// The time of a new sample: Unix milliseconds as `u64`, a [`SystemTime`], or [`Now`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no time of a sample",
    label = "expected Unix milliseconds as `u64`, a `SystemTime`, or `Now`"
)]
pub trait SampleTime {
    /// Writes the time as one argument.
    #[doc(hidden)]
    fn write_time(&self, out: &mut Writer);
}

macro_rules! sample_times {
    ($($type:ty),*) => {$(
        impl SampleTime for $type {
            fn write_time(&self, out: &mut Writer) {
                point(self).write(out);
            }
        }
    )*};
}
sample_times! { u64, SystemTime }

impl SampleTime for Now {
    fn write_time(&self, out: &mut Writer) {
        out.bulk(b"*");
    }
}

#[diagnostic::do_not_recommend]
impl<T: SampleTime + ?Sized> SampleTime for &T {
    fn write_time(&self, out: &mut Writer) {
        (**self).write_time(out);
    }
}

/// The time of a new sample on the wire.
pub(crate) struct At<'a, T: ?Sized>(pub(crate) &'a T);

impl<T: SampleTime + ?Sized> Argument for At<'_, T> {
    fn write(&self, out: &mut Writer) {
        self.0.write_time(out);
    }
}
impl<T: SampleTime + ?Sized> OptionField for At<'_, T> {
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        out.word(word);
        out.argument(self);
    }
}
arguments!(['a, T: SampleTime + ?Sized] At<'a, T>);

/// A range of time, written as a range in Rust: `first..=last`, `first..end` (without `end`), `first..`, `..=last`, or `..` for all
/// samples, of Unix milliseconds as `u64` or of [`SystemTime`]s.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a range of time",
    label = "expected a range of Unix milliseconds (`u64`) or of `SystemTime`",
    note = "write `..` for all samples, or `first..=last`, `first..`, `..end`"
)]
pub trait TimeRange {
    /// Returns the lower and the upper bound, as Unix milliseconds; `None` for a time that no sample can have.
    fn bounds(&self) -> (Bound<Option<u64>>, Bound<Option<u64>>);
}

macro_rules! time_ranges {
    ($($type:ty, |$range:ident| ($start:expr, $end:expr);)*) => {$(
        impl<T: Timestamp> TimeRange for $type {
            fn bounds(&self) -> (Bound<Option<u64>>, Bound<Option<u64>>) {
                let $range = self;
                ($start, $end)
            }
        }
    )*};
}

time_ranges! {
    Range<T>, |range| (Bound::Included(range.start.millis()), Bound::Excluded(range.end.millis()));
    RangeInclusive<T>, |range| (Bound::Included(range.start().millis()), Bound::Included(range.end().millis()));
    RangeFrom<T>, |range| (Bound::Included(range.start.millis()), Bound::Unbounded);
    RangeTo<T>, |range| (Bound::Unbounded, Bound::Excluded(range.end.millis()));
    RangeToInclusive<T>, |range| (Bound::Unbounded, Bound::Included(range.end.millis()));
}

impl TimeRange for RangeFull {
    fn bounds(&self) -> (Bound<Option<u64>>, Bound<Option<u64>>) {
        (Bound::Unbounded, Bound::Unbounded)
    }
}

#[diagnostic::do_not_recommend]
impl<R: TimeRange + ?Sized> TimeRange for &R {
    fn bounds(&self) -> (Bound<Option<u64>>, Bound<Option<u64>>) {
        (**self).bounds()
    }
}

/// The ends of a range on the wire, both included.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TimeEnds {
    from: RangeEnd,
    to: RangeEnd,
}

#[derive(Clone, Copy, Debug)]
enum RangeEnd {
    /// The first or the last sample, by its word.
    Open(&'static str),
    At(Checked<u64>),
}

impl TimeEnds {
    pub(crate) fn of(range: &impl TimeRange) -> Self {
        let (from, to) = range.bounds();
        let to = match to {
            Bound::Excluded(Some(0)) => RangeEnd::At(Checked(0, Some(NO_TIMES))),
            Bound::Excluded(end) => RangeEnd::of(Bound::Included(end.and_then(|end| end.checked_sub(1))), "+"),
            other => RangeEnd::of(other, "+"),
        };
        TimeEnds { from: RangeEnd::of(from, "-"), to }
    }

    pub(crate) fn has_start(&self) -> bool {
        matches!(self.from, RangeEnd::At(_))
    }

    pub(crate) fn has_end(&self) -> bool {
        matches!(self.to, RangeEnd::At(_))
    }
}

impl RangeEnd {
    fn of(bound: Bound<Option<u64>>, open: &'static str) -> Self {
        match bound {
            Bound::Unbounded => RangeEnd::Open(open),
            Bound::Included(at) | Bound::Excluded(at) => {
                RangeEnd::At(Checked(at.unwrap_or_default(), at.is_none().then_some(OUT_OF_RANGE)))
            }
        }
    }
}

impl Argument for RangeEnd {
    fn write(&self, out: &mut Writer) {
        match self {
            RangeEnd::Open(word) => word.write(out),
            RangeEnd::At(time) => time.write(out),
        }
    }
}
arguments!([] RangeEnd);

impl OptionField for RangeEnd {
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        out.word(word);
        out.argument(self);
    }
}

impl OptionField for TimeEnds {
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        out.word(word);
        out.argument(&self.from);
        out.argument(&self.to);
    }
}
arguments!([] TimeEnds);

/// A duration in milliseconds, of which the module takes none that would be cut off to 0, unless it is 0.
pub(crate) fn duration(of: Duration) -> Checked<u64> {
    let millis = u64::try_from(of.as_millis()).ok().filter(|millis| *millis <= LAST);
    let reason = match millis {
        Some(0) if !of.is_zero() => Some("a duration of a time series is at least a millisecond, or 0"),
        Some(_) => None,
        None => Some("a duration of a time series is milliseconds of 63 bits"),
    };
    Checked(millis.unwrap_or_default(), reason)
}

/// The duration of a bucket, which is above 0.
pub(crate) fn bucket(of: Duration) -> Checked<u64> {
    let Checked(millis, reason) = duration(of);
    Checked(millis, reason.or((millis == 0).then_some("the duration of a bucket must be at least a millisecond")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::option::encoded;

    #[test]
    fn ranges_are_sent_with_both_ends_included() {
        let all = [encoded(&TimeEnds::of(&..)), encoded(&TimeEnds::of(&(5..))), encoded(&TimeEnds::of(&(..5)))];
        assert_eq!(all, ["- +", "5 +", "- 4"]);
        let second = SystemTime::UNIX_EPOCH + Duration::from_secs(1);
        assert_eq!(encoded(&TimeEnds::of(&(second..=second + Duration::from_nanos(1_999_999)))), "1000 1001");
        assert_eq!(encoded(&TimeEnds::of(&(7..9))), "7 8");
    }

    #[test]
    fn what_no_sample_can_have_is_refused() {
        assert_eq!((u64::MAX.millis(), LAST.millis()), (None, Some(LAST)));
        assert_eq!((SystemTime::UNIX_EPOCH - Duration::from_millis(1)).millis(), None);
        assert!(matches!(TimeEnds::of(&(..0)).to, RangeEnd::At(Checked(_, Some(_)))));
        assert!(duration(Duration::ZERO).1.is_none() && bucket(Duration::ZERO).1.is_some());
        assert!(duration(Duration::from_micros(999)).1.is_some() && duration(Duration::MAX).1.is_some());
    }
}
