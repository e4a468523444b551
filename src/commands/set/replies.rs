//! Types of the replies of the commands on the expiry of members.

use crate::commands::generic::replies::{codes, lifetimes};

lifetimes! {
    NoMember "The set has no such member, or there is no such set.", "The member does not expire.":
    /// The time to live of a member in seconds, the reply of STTL.
    MemberTtl,
        /// The member expires after this number of seconds.
        Seconds;
    /// The time to live of a member in milliseconds, the reply of SPTTL.
    MemberPttl,
        /// The member expires after this number of milliseconds.
        Milliseconds;
    /// The Unix time in seconds at which a member expires, the reply of SEXPIRETIME.
    MemberExpireTime,
        /// The member expires at this Unix time in seconds.
        UnixSeconds;
    /// The Unix time in milliseconds at which a member expires, the reply of SPEXPIRETIME.
    MemberPexpireTime,
        /// The member expires at this Unix time in milliseconds.
        UnixMilliseconds;
}

codes! {
    /// The effect of SEXPIRE and its like on one member.
    MemberExpiry, "-2, 0, 1 or 2" {
        /// Nothing: the set has no such member, or there is no such set.
        NoMember = -2,
        /// Nothing: the condition does not hold for the member.
        ConditionNotMet = 0,
        /// The member expires at the time that was given.
        Set = 1,
        /// The member is gone already, because the time was 0 or in the past.
        Deleted = 2,
    }

    /// The effect of SPERSIST on one member.
    MemberPersisted, "-2, -1 or 1" {
        /// Nothing: the set has no such member, or there is no such set.
        NoMember = -2,
        /// Nothing: the member does not expire.
        NoExpiry = -1,
        /// The member does not expire any more.
        Removed = 1,
    }
}
