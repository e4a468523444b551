//! Types of the replies of the generic commands.

use crate::{
    key::KeyType,
    reply::{FromReply, Status, TypeName},
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
