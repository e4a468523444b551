//! Types of the replies of the commands on the expiry of fields.

use crate::{
    commands::generic::replies::{codes, lifetimes},
    reply::{FromReply, Integer, Single, single},
    resp::{DecodeError, Reader},
};

lifetimes! {
    NoField "The hash has no such field, or there is no such hash.", "The field does not expire.":
    /// The time to live of a field in seconds, the reply of HTTL.
    FieldTtl,
        /// The field expires after this number of seconds.
        Seconds;
    /// The time to live of a field in milliseconds, the reply of HPTTL.
    FieldPttl,
        /// The field expires after this number of milliseconds.
        Milliseconds;
    /// The Unix time in seconds at which a field expires, the reply of HEXPIRETIME.
    FieldExpireTime,
        /// The field expires at this Unix time in seconds.
        UnixSeconds;
    /// The Unix time in milliseconds at which a field expires, the reply of HPEXPIRETIME.
    FieldPexpireTime,
        /// The field expires at this Unix time in milliseconds.
        UnixMilliseconds;
}

codes! {
    /// The effect of HEXPIRE and its like on one field.
    FieldExpiry, "-2, 0, 1 or 2" {
        /// Nothing: the hash has no such field, or there is no such hash.
        NoField = -2,
        /// Nothing: the condition does not hold for the field.
        ConditionNotMet = 0,
        /// The field expires at the time that was given.
        Set = 1,
        /// The field is gone already, because the time was 0 or in the past.
        Deleted = 2,
    }

    /// The effect of HPERSIST on one field.
    FieldPersisted, "-2, -1 or 1" {
        /// Nothing: the hash has no such field, or there is no such hash.
        NoField = -2,
        /// Nothing: the field does not expire.
        NoExpiry = -1,
        /// The field does not expire any more.
        Removed = 1,
    }
}

/// Reads the replies for one field, which come in an array as those for several do.
macro_rules! of_one_field {
    ($($name:ty),+) => {$(
        #[diagnostic::do_not_recommend]
        impl FromReply<Single<Integer>> for $name {
            fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
                single::<Integer, Self>(reader)
            }
        }
    )+};
}

of_one_field! { FieldTtl, FieldPttl, FieldExpireTime, FieldPexpireTime, FieldExpiry, FieldPersisted }
