//! Types of the replies of the generic commands.

use crate::{
    key::KeyType,
    reply::{FromReply, Integer, Status, Tuple, TypeName},
    resp::{DecodeError, Reader},
};

#[diagnostic::do_not_recommend]
impl FromReply<TypeName> for Option<KeyType> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Some(reader.text()?).filter(|name| *name != "none").map(KeyType::named))
    }
}
#[diagnostic::do_not_recommend]
impl FromReply<TypeName> for String {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        FromReply::<Status>::read(reader)
    }
}

/// Declares the replies of TTL and its like: a time, or why there is none. `MISSING` stands for -2, `NoExpiry` for -1.
macro_rules! lifetimes {
    ($missing:ident $missing_doc:literal, $forever:literal: $($(#[$doc:meta])* $name:ident, $(#[$unit_doc:meta])* $unit:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            #[doc = $missing_doc]
            $missing,
            #[doc = $forever]
            NoExpiry,
            $(#[$unit_doc])*
            $unit(u64),
        }

        #[diagnostic::do_not_recommend]
        impl $crate::reply::FromReply<$crate::reply::Integer> for $name {
            fn read(reader: &mut $crate::resp::Reader<'_>) -> Result<Self, $crate::resp::DecodeError> {
                match reader.integer()? {
                    -2 => Ok($name::$missing),
                    -1 => Ok($name::NoExpiry),
                    time => u64::try_from(time)
                        .map($name::$unit)
                        .map_err(|_| $crate::resp::DecodeError::mismatch("a time, -1 or -2", time)),
                }
            }
        }
    )*};
}
pub(crate) use lifetimes;

/// Declares enums whose variants are an integer each on the wire.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident, $expected:literal { $($(#[$variant_doc:meta])* $variant:ident = $code:literal,)+ })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        #[diagnostic::do_not_recommend]
        impl $crate::reply::FromReply<$crate::reply::Integer> for $name {
            fn read(reader: &mut $crate::resp::Reader<'_>) -> Result<Self, $crate::resp::DecodeError> {
                match reader.integer()? {
                    $($code => Ok($name::$variant),)+
                    other => Err($crate::resp::DecodeError::mismatch($expected, other)),
                }
            }
        }
    )+};
}
pub(crate) use codes;

lifetimes! {
    NoKey "There is no such key.", "The key does not expire.":
    /// The time to live of a key in seconds, the reply of TTL.
    Ttl,
        /// The key expires after this number of seconds.
        Seconds;
    /// The time to live of a key in milliseconds, the reply of PTTL.
    Pttl,
        /// The key expires after this number of milliseconds.
        Milliseconds;
    /// The Unix time in seconds at which a key expires, the reply of EXPIRETIME.
    ExpireTime,
        /// The key expires at this Unix time in seconds.
        UnixSeconds;
    /// The Unix time in milliseconds at which a key expires, the reply of PEXPIRETIME.
    PexpireTime,
        /// The key expires at this Unix time in milliseconds.
        UnixMilliseconds;
}

/// The number of servers on whose disk a write is, the reply of WAITAOF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fsynced {
    /// 1 if the write is on the disk of the server itself, else 0.
    pub local: u64,
    /// The number of replicas on whose disk the write is.
    pub replicas: u64,
}

#[diagnostic::do_not_recommend]
impl FromReply<Tuple<(Integer, Integer)>> for Fsynced {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (local, replicas) = FromReply::<Tuple<(Integer, Integer)>>::read(reader)?;
        Ok(Fsynced { local, replicas })
    }
}
