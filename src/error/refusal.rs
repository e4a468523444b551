//! Refusals: the errors by which a server rejects a command before it runs, as five servers word them.

use super::{ErrorKind, Redirect, ServerError};

/// The servers' own texts of refusals that name no command, key or node. A script that fails has its name behind the text.
const WHOLE_TEXTS: &[&str] = &[
    "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.",
    "BUSY Redis is busy running a script. You can only call FUNCTION KILL or SHUTDOWN NOSAVE.",
    "BUSY Valkey is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.",
    "BUSY Valkey is busy running a script. You can only call FUNCTION KILL or SHUTDOWN NOSAVE.",
    "BUSY Redis is busy running a module command.",
    "BUSY Valkey is busy running a module command.",
    "LOADING Redis is loading the dataset in memory",
    "LOADING Valkey is loading the dataset in memory",
    "CLUSTERDOWN The cluster is down",
    "CLUSTERDOWN The cluster is down and only accepts read commands",
    "CLUSTERDOWN Hash slot not served",
];

/// The starts of errors for a command that the server does not have, by their words in lower case.
const UNKNOWN_COMMAND: &[&str] = &["err unknown command", "err unknown subcommand"];

impl ServerError {
    /// Returns whether the error is a refusal of a command whose errors only the server words: the command did not run.
    ///
    /// WRONGTYPE and syntax errors are no refusals: the command has begun by then, and which of them wrote nothing is not for
    /// a client to know.
    pub(crate) fn refuses_command(&self) -> bool {
        use ErrorKind as Kind;
        match self.kind() {
            Kind::Loading | Kind::MasterDown | Kind::Busy | Kind::ReadOnly | Kind::Misconf | Kind::OutOfMemory => true,
            Kind::NoReplicas | Kind::TryAgain | Kind::ClusterDown | Kind::CrossSlot | Kind::Redirect => true,
            Kind::NoAuth | Kind::NoPerm => true,
            Kind::Moved | Kind::Ask => Redirect::parse(self.message()).is_some(),
            _ => self.is_unknown_command() || self.is_wrong_arity(),
        }
    }

    /// Returns whether the error is a refusal of a command that runs a script, which may word any error itself: only the
    /// server's whole texts count, and redirects of `slot`, that of the script's keys.
    pub(crate) fn refuses_script(&self, slot: Option<u16>) -> bool {
        let redirected = Redirect::parse(self.message()).map(|redirect| redirect.slot);
        WHOLE_TEXTS.contains(&self.message()) || (slot.is_some() && redirected == slot)
    }

    /// Returns whether the error, as EXEC's reply, says that none of the queued commands ran.
    pub(crate) fn refuses_exec(&self) -> bool {
        self.kind() == ErrorKind::ExecAbort || self.refuses_command()
    }

    /// Returns whether the error, as EXEC's reply, also ends the transaction and its watch. After any other one the server
    /// may still be inside the transaction.
    pub(crate) fn ends_transaction(&self) -> bool {
        use ErrorKind as Kind;
        matches!(
            self.kind(),
            Kind::ExecAbort
                | Kind::Moved
                | Kind::Ask
                | Kind::TryAgain
                | Kind::ClusterDown
                | Kind::CrossSlot
                | Kind::Redirect
        )
    }

    fn is_unknown_command(&self) -> bool {
        let starts_with = |start: &&str| {
            self.message().as_bytes().get(..start.len()).is_some_and(|text| text.eq_ignore_ascii_case(start.as_bytes()))
        };
        UNKNOWN_COMMAND.iter().any(starts_with)
    }

    fn is_wrong_arity(&self) -> bool {
        let name = self.message().strip_prefix("ERR wrong number of arguments for '");
        name.and_then(|name| name.strip_suffix("' command")).is_some_and(|name| !name.contains('\''))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> ServerError {
        ServerError::new(text.as_bytes())
    }

    #[test]
    fn a_refusal_of_a_command_is_known_by_its_code_or_its_whole_form() {
        for refusal in [
            "READONLY You can't write against a read only replica.",
            "OOM command not allowed when used memory > 'maxmemory'.",
            "NOPERM User default has no permissions to run the 'get' command",
            "MOVED 3999 127.0.0.1:6381",
            "MOVED 3999 :6381",
            "ASK 3999 ::1:6381",
            "MOVED 0 ?:6381",
            "ERR unknown command 'FOO', with args beginning with: 'a' ",
            "ERR Unknown subcommand or wrong number of arguments for 'FOO'. Try CONFIG HELP.",
            "ERR wrong number of arguments for 'xgroup|create' command",
        ] {
            assert!(error(refusal).refuses_command(), "{refusal}");
        }
        for other in [
            "MOVED",
            "MOVED 3999",
            "MOVED 16384 127.0.0.1:6381",
            "MOVED 3999 127.0.0.1:6381 or so",
            "MOVED 3999 127.0.0.1",
            "MOVED: no such index",
            "WRONGTYPE Operation against a key holding the wrong kind of value",
            "ERR wrong number of arguments for",
            "ERR value is not an integer or out of range",
            "NOSCRIPT No matching script.",
            "UNBLOCKED client unblocked via CLIENT UNBLOCK",
            "BUSYKEY Target key name already exists.",
            "",
        ] {
            assert!(!error(other).refuses_command(), "{other}");
        }
    }

    #[test]
    fn a_script_is_refused_by_whole_texts_and_redirects_of_its_own_slot() {
        let refused = |text: &str, slot| error(text).refuses_script(slot);
        assert!(WHOLE_TEXTS.iter().all(|text| refused(text, None)));
        assert!(WHOLE_TEXTS.iter().all(|text| !refused(&format!("{text} script: 0, on @user_script:1."), None)));
        assert!(refused("MOVED 3999 127.0.0.1:6381", Some(3999)) && refused("ASK 3999 127.0.0.1:6381", Some(3999)));
        for (text, slot) in [
            ("MOVED 3999 127.0.0.1:6381", None),
            ("MOVED 3999 127.0.0.1:6381", Some(4000)),
            ("MOVED 3999 127.0.0.1:6381 script: 0, on @user_script:1.", Some(3999)),
            ("BUSY the lock is held", Some(3999)),
            ("READONLY You can't write against a read only replica.", Some(3999)),
            ("EXECABORT Transaction discarded because of previous errors.", Some(3999)),
        ] {
            assert!(!refused(text, slot), "{text} {slot:?}");
        }
    }

    #[test]
    fn a_transaction_is_over_after_the_refusals_that_five_servers_end_it_with() {
        for (text, over) in [
            ("EXECABORT Transaction discarded because of: READONLY x", true),
            ("CROSSSLOT Keys in request don't hash to the same slot", true),
            ("REDIRECT 127.0.0.1:1", true),
            ("ERR EXEC without MULTI", false),
            ("BUSY Redis is busy", false),
            ("ERR unknown command 'EXEC', with args beginning with: ", false),
        ] {
            assert_eq!(error(text).ends_transaction(), over, "{text}");
        }
    }
}
