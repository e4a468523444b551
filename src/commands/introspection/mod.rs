//! Introspection: the commands that tell of the server's commands, and the types of their replies.
//!
//! ```
//! use typedis::{Client, prelude::*};
//! # async fn example(client: &Client) -> typedis::Result<()> {
//! let told = client.command_info(["get", "nonsense"]).await?;
//! assert_eq!(told[0].as_ref().map(|get| get.arity), Some(2));
//! assert_eq!(told[1], None);
//! assert_eq!(client.command_getkeys::<String>(["MSET", "a", "1", "b", "2"]).await?, ["a", "b"]);
//! # Ok(()) }
//! # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
//! ```

pub(crate) mod options;
pub(crate) mod replies;

pub use options::CommandFilter;
pub use replies::{CommandDocs, ServerCommand};

use crate::{
    argument::Arguments,
    reply::{Bulk, FromReply},
};
use std::collections::HashMap;

commands! {
    /// Commands that tell of the server's commands.
    pub trait IntrospectionCommands in cmd;

    /// Returns all commands that the server has, those of its modules included, in no particular order.
    fn command_all() -> Array<Any> as Vec<ServerCommand>
        = "COMMAND" as CommandAll {
            since: redis "2.8.13", arity: -1, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns the number of commands that the server has, those of its modules included.
    fn command_count() -> Integer as u64
        = "COMMAND COUNT" as CommandCount {
            since: redis "2.8.13", arity: 2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns the documentation of the commands with these names, such as `get` and `client|kill`, by name. What the server does
    /// not know is left out.
    fn command_docs(names: impl Arguments) -> Map<Bulk, Map<Bulk, Any>> as HashMap<String, CommandDocs>
        = "COMMAND DOCS" as CommandDocumentation {
            since: redis "7.0.0", arity: -2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns the documentation of all commands by name.
    fn command_docs_all() -> Map<Bulk, Map<Bulk, Any>> as HashMap<String, CommandDocs>
        = "COMMAND DOCS" as CommandDocsAll {
            since: redis "7.0.0", arity: -2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns the keys of a whole command, given with its name: `command_getkeys(["MSET", "a", "1"])`.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the command has no keys, or wrong arguments.
    fn command_getkeys<T: FromReply<Bulk>>(command: impl Arguments) -> Array<Bulk> as Vec<T>
        = "COMMAND GETKEYS" as CommandGetkeys {
            since: redis "2.8.13", arity: -3, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns the keys of a whole command, given with its name, and for each of them what the command does with it, such as `RW` and
    /// `access`.
    ///
    /// # Errors
    ///
    /// As [`command_getkeys`](Self::command_getkeys).
    fn command_getkeysandflags<T: FromReply<Bulk>>(command: impl Arguments)
        -> Array<Tuple<(Bulk, Array<Status>)>> as Vec<(T, Vec<String>)>
        = "COMMAND GETKEYSANDFLAGS" as CommandGetkeysandflags {
            since: redis "7.0.0", arity: -3, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns for each of `names`, in their order, the command with this name, or `None` if the server does not have it. Since 7.0 a
    /// subcommand is named as `client|kill`.
    fn command_info(names: impl Arguments) -> Array<Nullable<Any>> as Vec<Option<ServerCommand>>
        = "COMMAND INFO" as CommandInformation {
            since: redis "2.8.13", arity: -2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns the names of all commands, in no particular order.
    fn command_list() -> Array<Bulk> as Vec<String>
        = "COMMAND LIST" as CommandList {
            since: redis "7.0.0", arity: -2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns the names of the commands that `filter` asks for, in no particular order.
    fn command_list_by(filter: CommandFilter<'_>) -> Array<Bulk> as Vec<String>
        = "COMMAND LIST" as CommandListBy {
            since: redis "7.0.0", arity: -2, access: ReadOnly, effect: Preserves, route: AnyNode
        };
}
