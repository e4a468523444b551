//! Values that are one argument: text, numbers and bytes.

use super::{Argument, Arguments};
use crate::resp::Writer;
use bytes::Bytes;
use std::{borrow::Cow, rc::Rc, sync::Arc};

macro_rules! scalars {
    ($($type:ty: |$value:ident, $out:ident| $write:expr;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl Argument for $type {
            #[inline]
            fn write(&self, $out: &mut Writer) {
                let $value = self;
                $write
            }
        }

        #[diagnostic::do_not_recommend]
        impl Arguments for $type {
            type Item = Self;
            #[inline]
            fn count(&self) -> usize {
                1
            }
            #[inline]
            fn write_all(&self, out: &mut Writer) {
                self.write(out)
            }
        }
    )*};
}

scalars! {
    str: |value, out| out.bulk(value.as_bytes());
    String: |value, out| out.bulk(value.as_bytes());
    Box<str>: |value, out| out.bulk(value.as_bytes());
    Arc<str>: |value, out| out.bulk(value.as_bytes());
    Rc<str>: |value, out| out.bulk(value.as_bytes());
    Cow<'_, str>: |value, out| out.bulk(value.as_bytes());
    char: |value, out| out.bulk(value.encode_utf8(&mut [0; 4]).as_bytes());
    Bytes: |value, out| out.bulk(value);
    bool: |value, out| out.bulk(if *value { b"1" } else { b"0" });
    f32: |value, out| out.double(f64::from(*value));
    f64: |value, out| out.double(*value);
    i8: |value, out| out.integer(*value);
    i16: |value, out| out.integer(*value);
    i32: |value, out| out.integer(*value);
    i64: |value, out| out.integer(*value);
    i128: |value, out| out.integer(*value);
    isize: |value, out| out.integer(*value);
    u16: |value, out| out.integer(*value);
    u32: |value, out| out.integer(*value);
    u64: |value, out| out.integer(*value);
    u128: |value, out| out.integer(*value);
    usize: |value, out| out.integer(*value);
}

// A `u8` is no argument, so that `[u8]` is always one string of bytes and never a list of numbers.
macro_rules! bytes {
    ($($type:ty $(, $n:ident)?;)*) => {$(
        impl $(<const $n: usize>)? Argument for $type {
            #[inline]
            fn write(&self, out: &mut Writer) {
                out.bulk(self);
            }
        }

        impl $(<const $n: usize>)? Arguments for $type {
            type Item = Self;
            #[inline]
            fn count(&self) -> usize {
                1
            }
            #[inline]
            fn write_all(&self, out: &mut Writer) {
                out.bulk(self);
            }
        }
    )*};
}

bytes! { [u8]; Vec<u8>; [u8; N], N; }
