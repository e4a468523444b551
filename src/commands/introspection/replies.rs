//! Replies of the commands on commands.

use crate::{
    reply::{Any, FromReply, Value, record::records},
    resp::{DecodeError, Reader},
};

/// A command of the server, of COMMAND INFO.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ServerCommand {
    /// The name, such as `get` or `client|kill`.
    pub name: String,
    /// The number of words, the name included; negative if it is a minimum.
    pub arity: i64,
    /// The flags, such as `readonly`.
    pub flags: Vec<String>,
    /// The position of the first key; 0 if there is none, or none at a fixed position.
    pub first_key: i64,
    /// The position of the last key; negative if it is counted from the end.
    pub last_key: i64,
    /// The distance from one key to the next.
    pub step: i64,
    /// The categories of ACL, such as `@read`, since 6.0.
    pub acl_categories: Vec<String>,
    /// The tips for clients, such as `request_policy:all_shards`, since 7.0.
    pub tips: Vec<String>,
    /// The specifications of the keys, as the server sends them, since 7.0.
    pub key_specs: Vec<Value>,
    /// The subcommands, since 7.0.
    pub subcommands: Vec<ServerCommand>,
    /// What newer servers tell besides.
    pub others: Vec<Value>,
}

#[diagnostic::do_not_recommend]
impl FromReply<Any> for ServerCommand {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let count = reader.array()?;
        let behind = count.checked_sub(6).ok_or_else(|| {
            DecodeError::mismatch("a command of six elements or more", format!("an array of {count} elements"))
        })?;
        let mut left = behind;
        let mut more = || {
            let more = left > 0;
            left = left.saturating_sub(1);
            more
        };
        Ok(ServerCommand {
            name: reader.text()?.to_owned(),
            arity: reader.integer()?,
            flags: FromReply::<Any>::read(reader)?,
            first_key: reader.integer()?,
            last_key: reader.integer()?,
            step: reader.integer()?,
            acl_categories: if more() { FromReply::<Any>::read(reader)? } else { Vec::new() },
            tips: if more() { FromReply::<Any>::read(reader)? } else { Vec::new() },
            key_specs: if more() { FromReply::<Any>::read(reader)? } else { Vec::new() },
            subcommands: if more() { FromReply::<Any>::read(reader)? } else { Vec::new() },
            others: (4..behind).map(|_| FromReply::<Any>::read(reader)).collect::<Result<_, _>>()?,
        })
    }
}

records! {
    /// The documentation of a command, of COMMAND DOCS.
    pub struct CommandDocs {
        /// What the command does; commands of modules may have none.
        summary: Option<String> = "summary" or default,
        /// The version that introduced the command.
        since: Option<String> = "since" or default,
        /// The group of commands, such as `string`.
        group: Option<String> = "group" or default,
        /// The time that it takes, such as `O(1)`.
        complexity: Option<String> = "complexity" or default,
        /// Flags such as `deprecated` and `syscmd`.
        doc_flags: Vec<String> = "doc_flags" or default,
        /// The version that deprecated the command.
        deprecated_since: Option<String> = "deprecated_since" or default,
        /// The replacement of a deprecated command.
        replaced_by: Option<String> = "replaced_by" or default,
        /// The changes of the command: versions and words.
        history: Vec<(String, String)> = "history" or default,
        /// The arguments, as the server sends them.
        arguments: Vec<Value> = "arguments" or default,
        /// The subcommands by name.
        subcommands: Vec<(String, CommandDocs)> = "subcommands" or default,
    } and others
}
