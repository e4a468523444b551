//! Errors in the server's own words, and their kinds.

use super::bounded::Bounded;
use std::{fmt, sync::Arc};

/// An error as the server worded it, such as `WRONGTYPE Operation against a key holding the wrong kind of value`.
///
/// Clones share the text. It is displayed in one line of a bounded length, since a script may word it: control characters
/// are escaped. [`message`](Self::message) has the text as it is, and all of it. Two errors are equal if their texts are.
#[derive(Clone, thiserror::Error)]
#[error("{}", Bounded(&self.text))]
pub struct ServerError {
    text: Arc<str>,
    standing: Standing,
}

/// What is known of the command that an error answers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// The error is a whole reply, which proves nothing.
    Reply,
    /// The error stands within a reply, so its command did run.
    Element,
    /// The error proves that nothing of what it answers ran.
    Refusal,
}

impl ServerError {
    pub(crate) fn new(text: &[u8]) -> Self {
        ServerError { text: String::from_utf8_lossy(text).into(), standing: Standing::Reply }
    }

    /// Marks an error that stands within a reply.
    pub(crate) fn within_reply(self) -> Self {
        ServerError { standing: Standing::Element, ..self }
    }

    /// Returns whether the error stands within a reply.
    pub(crate) fn is_element(&self) -> bool {
        self.standing == Standing::Element
    }

    /// Marks an error that proves that nothing of what it answers ran.
    pub(crate) fn proving_not_run(self) -> Self {
        ServerError { standing: Standing::Refusal, ..self }
    }

    /// Takes the mark of a proof away, since other commands beside the refused one ran.
    pub(crate) fn without_proof(self) -> Self {
        ServerError { standing: Standing::Reply, ..self }
    }

    /// Returns whether the error proves that nothing of what it answers ran.
    pub(crate) fn proves_not_run(&self) -> bool {
        self.standing == Standing::Refusal
    }

    /// Returns the first word, such as `WRONGTYPE` or `ERR`. An error of a module or a script need not begin with a code: the word may
    /// be any, as in `Unknown index name` and `nope: no such index`.
    pub fn code(&self) -> &str {
        self.message().split(' ').next().unwrap_or_default()
    }

    /// Returns the whole text as the server sent it, the code included.
    pub fn message(&self) -> &str {
        &self.text
    }

    /// Returns the kind of the error, which its code names.
    ///
    /// ```
    /// use typedis::{Client, Error, error::ErrorKind, prelude::*};
    /// # async fn example(client: &Client) -> typedis::Result<()> {
    /// client.set("name", "Ada").await?;
    /// match client.lpush("name", "Bob").await {
    ///     Err(Error::Server { error, .. }) => assert_eq!(error.kind(), ErrorKind::WrongType),
    ///     other => panic!("{other:?}"),
    /// }
    /// # Ok(()) }
    /// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
    /// ```
    pub fn kind(&self) -> ErrorKind {
        ErrorKind::of_code(self.code())
    }

    /// Returns whether the server has no place for another client now (`maxclients`).
    pub(crate) fn is_too_many_clients(&self) -> bool {
        self.message().contains("max number of clients")
    }

    /// Returns whether a script that runs is the reason, behind any code: EXEC is refused with it inside EXECABORT.
    pub(crate) fn is_script_busy(&self) -> bool {
        self.message().contains("BUSY ")
    }

    /// Returns whether EXEC or DISCARD was refused because there is no transaction.
    pub(crate) fn is_outside_transaction(&self) -> bool {
        self.message().contains("without MULTI")
    }

    /// Returns whether the refusal is of this command alone, which the user may not run or the server does not know.
    pub(crate) fn is_of_command(&self) -> bool {
        let message = self.message().to_ascii_lowercase();
        self.kind() == ErrorKind::NoPerm || ["unknown command", "unsupported"].iter().any(|word| message.contains(word))
    }

    /// Returns the text without the arguments of an unknown command, which servers quote.
    pub(crate) fn without_arguments(&self) -> &str {
        self.message().split(", with args beginning with").next().unwrap_or_default()
    }
}

impl PartialEq for ServerError {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for ServerError {}

impl fmt::Debug for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ServerError").field(&self.message()).finish()
    }
}

/// Declares the kinds, each with the code that the server sends for it.
macro_rules! kinds {
    ($($(#[$doc:meta])+ $kind:ident = $code:literal,)+) => {
        /// The meaning of a server's error, by its code; see [`ServerError::kind`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorKind {
            $($(#[$doc])+ $kind,)+
            /// `ERR`, and any other code.
            Other,
        }

        impl ErrorKind {
            fn of_code(code: &str) -> ErrorKind {
                match code {
                    $($code => ErrorKind::$kind,)+
                    _ => ErrorKind::Other,
                }
            }
        }
    };
}

kinds! {
    /// `LOADING`: the server is loading its data into memory.
    Loading = "LOADING",
    /// `MASTERDOWN`: a replica has lost its primary and may not serve old data.
    MasterDown = "MASTERDOWN",
    /// `BUSY`: the server is running a script that takes long.
    Busy = "BUSY",
    /// `READONLY`: a replica refuses to write.
    ReadOnly = "READONLY",
    /// `MISCONF`: the server refuses to write, because it cannot persist its data.
    Misconf = "MISCONF",
    /// `OOM`: the server is above its memory limit.
    OutOfMemory = "OOM",
    /// `NOREPLICAS`: there are too few replicas to accept a write.
    NoReplicas = "NOREPLICAS",
    /// `MOVED`: the key's slot is served by another node.
    Moved = "MOVED",
    /// `ASK`: the key's slot is being migrated, and this key is on another node.
    Ask = "ASK",
    /// `TRYAGAIN`: the keys of one command are on two nodes while their slot is being migrated.
    TryAgain = "TRYAGAIN",
    /// `CLUSTERDOWN`: the cluster cannot serve the key's slot.
    ClusterDown = "CLUSTERDOWN",
    /// `CROSSSLOT`: the keys of one request are in different slots.
    CrossSlot = "CROSSSLOT",
    /// `REDIRECT`: the server is no longer the primary and names the new one.
    Redirect = "REDIRECT",
    /// `NOAUTH`: a login is required.
    NoAuth = "NOAUTH",
    /// `WRONGPASS`: the user or the password is wrong.
    WrongPass = "WRONGPASS",
    /// `NOPERM`: the user lacks the permission.
    NoPerm = "NOPERM",
    /// `NOPROTO`: the server does not speak the protocol asked for.
    NoProto = "NOPROTO",
    /// `EXECABORT`: a transaction was discarded, because a command in it was refused.
    ExecAbort = "EXECABORT",
    /// `NOSCRIPT`: no script with this digest is loaded.
    NoScript = "NOSCRIPT",
    /// `WRONGTYPE`: the key holds another kind of value.
    WrongType = "WRONGTYPE",
    /// `BUSYKEY`: the key exists already.
    BusyKey = "BUSYKEY",
    /// `UNBLOCKED`: a blocking command was ended by the server or by another client.
    Unblocked = "UNBLOCKED",
}

impl ErrorKind {
    /// Returns whether the server refuses every command for now, before it looks at it: nothing ran, and a later attempt may
    /// succeed.
    pub(crate) fn is_unavailable(self) -> bool {
        matches!(self, ErrorKind::Loading | ErrorKind::MasterDown | ErrorKind::Busy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_alone_says_the_kind() {
        let kind = |text: &str| ServerError::new(text.as_bytes()).kind();
        assert_eq!(kind("MOVED 3999 127.0.0.1:6381"), ErrorKind::Moved);
        assert_eq!(kind("OOM command not allowed when used memory > 'maxmemory'."), ErrorKind::OutOfMemory);
        assert_eq!(kind("EXECABORT Transaction discarded because of previous errors."), ErrorKind::ExecAbort);
        for text in ["", "ERR LOADING", "loading", "MOVEDX", "LOADING\r\n"] {
            assert_eq!(kind(text), ErrorKind::Other, "{text:?}");
        }
    }
}
