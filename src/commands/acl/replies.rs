//! Replies of the commands on users.

use crate::{
    reply::{Any, FromReply, record::records},
    resp::{DecodeError, Reader},
};
use bytes::Bytes;

records! {
    /// A user, of ACL GETUSER.
    pub struct AclUser {
        /// The flags, such as `on` and `nopass`.
        flags: Vec<String> = "flags",
        /// The SHA-256 of each password, in hexadecimal.
        passwords: Vec<String> = "passwords" or default,
        /// The rules of commands, such as `+@all`.
        commands: String = "commands" or default,
        /// The patterns of keys.
        keys: Patterns = "keys" or default,
        /// The patterns of channels.
        channels: Patterns = "channels" or default,
        /// The databases, such as `alldbs` or `db=0,1`, on Valkey since 9.1.
        databases: Option<String> = "databases" or default,
        /// The selectors, since 7.0: each allows what it says, besides what the user may already.
        selectors: Vec<AclSelector> = "selectors" or default,
    } and others

    /// A selector of a user, of ACL GETUSER.
    pub struct AclSelector {
        /// The rules of commands.
        commands: String = "commands" or default,
        /// The patterns of keys.
        keys: Patterns = "keys" or default,
        /// The patterns of channels.
        channels: Patterns = "channels" or default,
        /// The databases, on Valkey since 9.1.
        databases: Option<String> = "databases" or default,
    } and others

    /// An entry of the log of what users were denied, of ACL LOG.
    pub struct AclLogEntry {
        /// How often it happened.
        count: u64 = "count",
        /// The reason: `command`, `key`, `channel` or `auth`, and others on newer servers.
        reason: String = "reason",
        /// Where it happened: `toplevel`, `multi`, `lua` or `module`.
        context: String = "context",
        /// The command, key or channel, or the command that failed to log in.
        object: Bytes = "object",
        /// The user.
        username: Bytes = "username",
        /// The time since then, in seconds.
        age_seconds: f64 = "age-seconds",
        /// The client, as CLIENT LIST shows it.
        client_info: Bytes = "client-info" or default,
        /// The number of the entry, since 7.2.
        entry_id: Option<i64> = "entry-id" or default,
        /// The Unix time in milliseconds at which it happened first, since 7.2.
        timestamp_created: Option<u64> = "timestamp-created" or default,
        /// The Unix time in milliseconds at which it happened last, since 7.2.
        timestamp_last_updated: Option<u64> = "timestamp-last-updated" or default,
    } and others
}

/// Patterns of keys or channels, with the marks that servers since 7.0 write before them: `~a*`, `%R~b*`, `&news`. Before 7.0 there
/// are no marks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patterns(Vec<String>);

impl Patterns {
    /// Returns the patterns.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Returns whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A text since 7.0, an array before.
#[diagnostic::do_not_recommend]
impl FromReply<Any> for Patterns {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Patterns(match reader.kind()? {
            b'*' | b'~' => FromReply::<Any>::read(reader)?,
            _ => reader.text()?.split_ascii_whitespace().map(str::to_owned).collect(),
        }))
    }
}

/// Whether a user may run a command, of ACL DRYRUN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DryRun {
    /// The user may.
    Allowed,
    /// The user may not, in the server's words.
    Denied(String),
}

/// The denial comes as a bulk string, and `OK` as a simple one.
impl FromReply<Any> for DryRun {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(match &*String::from_utf8_lossy(reader.bytes()?) {
            "OK" => DryRun::Allowed,
            reason => DryRun::Denied(reason.to_owned()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    #[test]
    fn patterns_are_a_text_or_an_array() {
        for (reply, expected) in [
            (&b"$7\r\n~a* ~b*\r\n"[..], &["~a*", "~b*"][..]),
            (b"*2\r\n$2\r\na*\r\n$2\r\nb*\r\n", &["a*", "b*"]),
            (b"$0\r\n\r\n", &[]),
        ] {
            let bytes = Bytes::from_static(reply);
            let patterns: Patterns = Reader::new(&bytes).read_reply(FromReply::<Any>::read).unwrap();
            assert_eq!(
                (patterns.iter().collect::<Vec<_>>(), patterns.is_empty()),
                (expected.to_vec(), expected.is_empty())
            );
        }
    }
}
