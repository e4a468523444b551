//! Options of the commands on replication.

use crate::command::option::{IsSet, IsUnset, Unset, options};

options! {
    /// Options of FAILOVER, for [`failover_with`](crate::commands::ReplicationCommands::failover_with).
    ///
    /// FORCE needs a replica and a time limit, after which the primary hands over without waiting for the replica.
    #[derive(Clone, Copy, Debug)]
    pub struct FailoverOptions<'a, R = Unset, T = Unset> with new {
        to: Option<(&'a str, u16)> = "TO",
        force: bool = "FORCE",
        timeout: Option<u64> = "TIMEOUT",
    }
}

impl<'a, R, T> FailoverOptions<'a, R, T> {
    /// Hands over to this replica (TO).
    pub fn to(self, host: &'a str, port: u16) -> FailoverOptions<'a, IsSet, T>
    where
        R: IsUnset,
    {
        FailoverOptions { to: Some((host, port)), ..FailoverOptions::retyped(self) }
    }

    /// Gives up after so many milliseconds (TIMEOUT).
    pub fn timeout(self, milliseconds: u64) -> FailoverOptions<'a, R, IsSet>
    where
        T: IsUnset,
    {
        FailoverOptions { timeout: Some(milliseconds), ..FailoverOptions::retyped(self) }
    }
}

impl<R, T> FailoverOptions<'_, R, T> {
    /// Hands over when the time limit is over, also to a replica that has not all of the data (FORCE).
    pub fn force(self) -> Self
    where
        (R, T): TakesForce,
    {
        FailoverOptions { force: true, ..self }
    }
}

/// A replica and a time limit, to which FORCE can be applied.
#[diagnostic::on_unimplemented(
    message = "FORCE needs a replica and a time limit",
    label = "not without `to` and `timeout` before it",
    note = "write these first: `FailoverOptions::new().to(host, port).timeout(milliseconds).force()`"
)]
pub trait TakesForce {}
#[diagnostic::do_not_recommend]
impl TakesForce for (IsSet, IsSet) {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::option::encoded;

    #[test]
    fn options_are_their_words() {
        assert_eq!(encoded(&FailoverOptions::new()), "");
        assert_eq!(encoded(&FailoverOptions::default().timeout(5)), "TIMEOUT 5");
        assert_eq!(encoded(&FailoverOptions::new().timeout(5).to("h", 6379).force()), "TO h 6379 FORCE TIMEOUT 5");
    }
}
