//! Access control: the users of the server and what they may do.
//!
//! ```
//! use typedis::{Client, commands::acl::DryRun, prelude::*};
//! # async fn example(client: &Client) -> typedis::Result<()> {
//! client.acl_setuser("reader", ["on", ">secret", "~page:*", "+@read"]).await?;
//! let reader = client.acl_getuser("reader").await?.expect("it was made");
//! assert!(reader.flags.contains(&"on".to_owned()));
//! # if client.info_section("server").await?.contains("redis_version:6.") { return Ok(()) }
//! assert_eq!(client.acl_dryrun("reader", ["GET", "page:1"]).await?, DryRun::Allowed);
//! assert!(matches!(client.acl_dryrun("reader", ["DEL", "page:1"]).await?, DryRun::Denied(_)));
//! # Ok(()) }
//! # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
//! ```
//!
//! On a cluster users are set, deleted, saved and loaded on all nodes, and what the nodes tell comes from any one of them; the logs
//! of all nodes are put together.

pub(crate) mod replies;

pub use replies::{AclLogEntry, AclSelector, AclUser, DryRun, Patterns};

use crate::{
    argument::{Argument, Arguments},
    command::encode::MaybeEmpty,
};

commands! {
    /// Commands on users and what they may do.
    pub trait AclCommands in cmd;

    /// Returns the names of the categories of commands, without the `@`.
    fn acl_cat() -> Array<Bulk> as Vec<String>
        = "ACL CAT" as AclCat {
            since: redis "6.0.0", arity: -2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns the names of the commands of a category, such as `dangerous`.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if there is no such category.
    fn acl_cat_commands(category: impl Argument) -> Array<Bulk> as Vec<String>
        = "ACL CAT" as AclCatCommands {
            since: redis "6.0.0", arity: -2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Deletes the users with these names, closes their connections, and returns how many there were.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if one of them is the user `default`.
    fn acl_deluser(names: impl Arguments) -> Integer as u64
        = "ACL DELUSER" as AclDeluser {
            since: redis "6.0.0", arity: -3, access: ReadWrite, effect: Preserves, route: AllNodes(AllSucceeded)
        };

    /// Returns whether a user may run a whole command, given with its name. The command is not run.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if there is no such user or command, or the command has wrong arguments.
    fn acl_dryrun(user: impl Argument, command: impl Arguments) -> Any as DryRun
        = "ACL DRYRUN" as AclDryrun {
            since: redis "7.0.0", arity: -4, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns a random password of 256 bits, in hexadecimal.
    fn acl_genpass() -> Bulk as String
        = "ACL GENPASS" as AclGenpass {
            since: redis "6.0.0", arity: -2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns a random password of so many bits, 1 to 4096, in hexadecimal.
    fn acl_genpass_bits(bits: u32) -> Bulk as String
        = "ACL GENPASS" as AclGenpassBits {
            since: redis "6.0.0", arity: -2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns the rules of the user with this name, or `None` if there is none.
    fn acl_getuser(name: impl Argument) -> Nullable<Map<Bulk, Any>> as Option<AclUser>
        = "ACL GETUSER" as AclGetuser {
            since: redis "6.0.0", arity: 3, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns the rules of each user, as lines of the file of users.
    fn acl_list() -> Array<Bulk> as Vec<String>
        = "ACL LIST" as AclList {
            since: redis "6.0.0", arity: 2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Loads the users from the file of users, in the place of those that the server has.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the server has no such file, or if a line of it is wrong; nothing is loaded then.
    fn acl_load() -> Status as ()
        = "ACL LOAD" as AclLoad {
            since: redis "6.0.0", arity: 2, access: ReadWrite, effect: Preserves, route: AllNodes(AllSucceeded)
        };

    /// Returns the last entries of the log of what users were denied, 10 at most of each server, the newest first.
    fn acl_log() -> Array<Map<Bulk, Any>> as Vec<AclLogEntry>
        = "ACL LOG" as AclLog {
            since: redis "6.0.0", arity: -2, access: ReadOnly, effect: Preserves, route: AllNodes(Concatenate)
        };

    /// Returns the last entries of the log of what users were denied, `count` at most of each server, the newest first.
    fn acl_log_count(count: u32) -> Array<Map<Bulk, Any>> as Vec<AclLogEntry>
        = "ACL LOG" as AclLogCount {
            since: redis "6.0.0", arity: -2, access: ReadOnly, effect: Preserves, route: AllNodes(Concatenate)
        };

    /// Clears the log of what users were denied.
    fn acl_log_reset() -> Status as ()
        = "ACL LOG" ("RESET") as AclLogReset {
            since: redis "6.0.0", arity: -2, access: ReadWrite, effect: Preserves, route: AllNodes(AllSucceeded)
        };

    /// Saves the users to the file of users.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the server has no such file.
    fn acl_save() -> Status as ()
        = "ACL SAVE" as AclSave {
            since: redis "6.0.0", arity: 2, access: ReadWrite, effect: Preserves, route: AllNodes(AllSucceeded)
        };

    /// Makes the user with this name, if there is none, and adds `rules`, such as `on`, `>password`, `~keys:*` and `+@read`. `()`
    /// stands for no rules.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if a rule is wrong; nothing is changed then.
    fn acl_setuser(name: impl Argument, rules: impl Arguments) -> Status as ()
        = "ACL SETUSER" (name, MaybeEmpty(&rules)) as AclSetuser {
            since: redis "6.0.0", arity: -3, access: ReadWrite, effect: Preserves, route: AllNodes(AllSucceeded)
        };

    /// Returns the names of all users.
    fn acl_users() -> Array<Bulk> as Vec<String>
        = "ACL USERS" as AclUsers {
            since: redis "6.0.0", arity: 2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns the name of the user of the connection.
    fn acl_whoami() -> Bulk as String
        = "ACL WHOAMI" as AclWhoami {
            since: redis "6.0.0", arity: 2, access: ReadOnly, effect: Preserves, route: AnyNode
        };
}
