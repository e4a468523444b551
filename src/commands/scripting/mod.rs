//! Scripts and functions: the commands that load and run them, and their types.
//!
//! A [`Script`] is Lua source, which the server keeps in a cache. A [`Function`] has a name in a [`Library`], which is a part of
//! the data: it is saved, and copied to replicas. Both are loaded by themselves before they run, and both have a type that their
//! reply is read as.
//!
//! ```
//! use typedis::{Client, Script, prelude::*};
//! # async fn example(client: &Client) -> typedis::Result<()> {
//! let add: Script<i64> = Script::new("return redis.call('INCRBY', KEYS[1], ARGV[1])");
//! assert_eq!(client.script(&add, "hits", 2).await?, 2);
//! # Ok(()) }
//! # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
//! ```
//!
//! Scripts and functions may write any key, and word their errors themselves. On Valkey since 9.1 the engine of Lua is a
//! module that may be missing; then the load is refused, and nothing of what the script was queued with has run.

pub(crate) mod function;
pub(crate) mod options;
pub(crate) mod replies;
pub(crate) mod script;

pub use function::{Function, Library, ReadFunction};
pub use options::{FunctionListOptions, RestorePolicy};
pub use replies::{EngineStats, FunctionInfo, FunctionStats, LibraryInfo, RunningFunction};
pub use script::{ReadScript, Script};

use super::server::options::FlushMode;
use crate::{
    argument::{Argument, Arguments},
    command::encode::{MaybeEmpty, NumKeys},
    key::AnyKind,
    reply::{Any, Bulk, FromReply},
};

commands! {
    /// Commands that load and run scripts and functions. See [`Script`] and [`Function`].
    pub trait ScriptCommands in cmd;

    /// Runs `script` on `keys` with `arguments` and returns its reply.
    ///
    /// The script is loaded before it runs, in a transaction before MULTI. `()`, or an empty collection, stands for no
    /// keys or no arguments. All keys that the script touches should be given as `keys`, so that the server can check
    /// them.
    fn script<T: FromReply<Any>>(script: &Script<T>, keys @@ AnyKind, arguments: impl Arguments) -> Any as T
        = "EVALSHA" (script, NumKeys(&MaybeEmpty(&keys)), MaybeEmpty(&arguments)) as RunScript {
            since: redis "2.6.0", arity: -3, access: ReadWrite, effect: Unknown, touches: AllKeys
        };

    /// Runs `script`, which only reads, on `keys` with `arguments` and returns its reply.
    ///
    /// It is loaded as by [`script`](Self::script). The server refuses the writes of such a script, so a pipeline that
    /// holds it may be [retried](crate::Pipeline::retry_reads).
    ///
    /// ```
    /// # use typedis::{Client, ReadScript, Retry, Script, hlist_pat, prelude::*};
    /// # async fn example(client: &Client) -> typedis::Result<()> {
    /// let longest: ReadScript<i64> = Script::new("return redis.call('STRLEN', KEYS[1])").read_only();
    /// # let server = client.info_section("server").await?;
    /// # if server.contains("redis_version:6.") { return Ok(()) }
    /// let retry = Retry::new().attempts(3);
    /// let hlist_pat![length] = client.pipeline().retry_reads(retry).script_ro(&longest, "key", ()).execute().await?;
    /// # assert_eq!(length, 0);
    /// # Ok(()) }
    /// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
    /// ```
    fn script_ro<T: FromReply<Any>>(script: &ReadScript<T>, keys @@ AnyKind, arguments: impl Arguments) -> Any as T
        = "EVALSHA_RO" (script, NumKeys(&MaybeEmpty(&keys)), MaybeEmpty(&arguments)) as RunReadScript {
            since: redis "7.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Runs the Lua source `source` on `keys` with `arguments` and returns its reply.
    ///
    /// Source that does not compile fails after other commands of a transaction ran; a [`Script`] stops the transaction
    /// before.
    fn eval<T: FromReply<Any>>(source: &str, keys @@ AnyKind, arguments: impl Arguments) -> Any as T
        = "EVAL" (source, NumKeys(&MaybeEmpty(&keys)), MaybeEmpty(&arguments)) as Eval {
            since: redis "2.6.0", arity: -3, access: ReadWrite, effect: Unknown, touches: AllKeys
        };

    /// Runs the script with the SHA1 `sha1` on `keys` with `arguments` and returns its reply.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) with NOSCRIPT if the server's cache does not have it; [`script`](Self::script)
    /// loads it.
    fn evalsha<T: FromReply<Any>>(sha1: &str, keys @@ AnyKind, arguments: impl Arguments) -> Any as T
        = "EVALSHA" (sha1, NumKeys(&MaybeEmpty(&keys)), MaybeEmpty(&arguments)) as Evalsha {
            since: redis "2.6.0", arity: -3, access: ReadWrite, effect: Unknown, touches: AllKeys
        };

    /// Runs the Lua source `source`, which only reads, on `keys` with `arguments` and returns its reply. The server
    /// refuses the writes of such a script.
    fn eval_ro<T: FromReply<Any>>(source: &str, keys @@ AnyKind, arguments: impl Arguments) -> Any as T
        = "EVAL_RO" (source, NumKeys(&MaybeEmpty(&keys)), MaybeEmpty(&arguments)) as EvalRo {
            since: redis "7.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Runs the script with the SHA1 `sha1`, which only reads, on `keys` with `arguments` and returns its reply.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) with NOSCRIPT if the server's cache does not have it;
    /// [`script_ro`](Self::script_ro) loads it.
    fn evalsha_ro<T: FromReply<Any>>(sha1: &str, keys @@ AnyKind, arguments: impl Arguments) -> Any as T
        = "EVALSHA_RO" (sha1, NumKeys(&MaybeEmpty(&keys)), MaybeEmpty(&arguments)) as EvalshaRo {
            since: redis "7.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Loads the Lua source `source` into the server's cache and returns its SHA1 in hexadecimal.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the source does not compile.
    fn script_load(source: &str) -> Bulk as String
        = "SCRIPT LOAD" as ScriptLoad {
            since: redis "2.6.0", arity: 3, access: ReadWrite, effect: Preserves, route: AllNodes(AllSucceeded)
        };

    /// Returns for each of `sha1s`, in their order, whether the server's cache has the script.
    fn script_exists(sha1s: impl Arguments) -> Array<Flag> as Vec<bool>
        = "SCRIPT EXISTS" as ScriptExists {
            since: redis "2.6.0", arity: -3, access: ReadOnly, effect: Preserves, route: AllShards(LogicalAnd)
        };

    /// Removes all scripts from the server's cache.
    fn script_flush() -> Status as ()
        = "SCRIPT FLUSH" as ScriptFlush {
            since: redis "2.6.0", arity: -2, access: ReadWrite, effect: Preserves, route: AllNodes(AllSucceeded)
        };

    /// Removes all scripts from the server's cache, and frees their memory as `mode` says.
    fn script_flush_with(mode: impl FlushMode<Self::Server>) -> Status as ()
        = "SCRIPT FLUSH" as ScriptFlushWith {
            since: redis "6.2.0", arity: -2, access: ReadWrite, effect: Preserves, route: AllNodes(AllSucceeded)
        };

    /// Ends the script that runs now, if it has not written yet. On a cluster it is enough that one node runs a script.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) with NOTBUSY if none runs, and with UNKILLABLE if it has written.
    fn script_kill() -> Status as ()
        = "SCRIPT KILL" as ScriptKill {
            since: redis "2.6.0", arity: 2, access: ReadWrite, effect: Preserves, route: AllShards(OneSucceeded)
        };

    /// Returns the source of the script with the SHA1 `sha1`.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) with NOSCRIPT if the server's cache does not have it.
    fn script_show<T: FromReply<Bulk>>(sha1: &str) -> Bulk as T
        = "SCRIPT SHOW" as ScriptShow {
            since: redis never, valkey "8.0.0", arity: 3, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Runs `function` on `keys` with `arguments` and returns its reply. Its library is loaded before, if the server has none of
    /// that name: see [`Library`].
    ///
    /// All keys that the function touches should be given as `keys`, so that the server can check them. `()`, or an empty
    /// collection, stands for no keys or no arguments.
    fn function<T: FromReply<Any>>(function: &Function<T>, keys @@ AnyKind, arguments: impl Arguments) -> Any as T
        = "FCALL" (function, NumKeys(&MaybeEmpty(&keys)), MaybeEmpty(&arguments)) as RunFunction {
            since: redis "7.0.0", arity: -3, access: ReadWrite, effect: Unknown, touches: AllKeys
        };

    /// Runs `function`, which only reads, on `keys` with `arguments` and returns its reply. Its library is loaded as by
    /// [`function`](Self::function).
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the library does not register it with the flag `no-writes`.
    fn function_ro<T: FromReply<Any>>(function: &ReadFunction<T>, keys @@ AnyKind, arguments: impl Arguments) -> Any as T
        = "FCALL_RO" (function, NumKeys(&MaybeEmpty(&keys)), MaybeEmpty(&arguments)) as RunReadFunction {
            since: redis "7.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Runs the function `name`, which a library on the server registers, on `keys` with `arguments` and returns its reply.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if there is no such function; [`function`](Self::function) loads it.
    fn fcall<T: FromReply<Any>>(name: &str, keys @@ AnyKind, arguments: impl Arguments) -> Any as T
        = "FCALL" (name, NumKeys(&MaybeEmpty(&keys)), MaybeEmpty(&arguments)) as Fcall {
            since: redis "7.0.0", arity: -3, access: ReadWrite, effect: Unknown, touches: AllKeys
        };

    /// Runs the function `name`, which only reads, on `keys` with `arguments` and returns its reply.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if there is no such function, or without the flag `no-writes`.
    fn fcall_ro<T: FromReply<Any>>(name: &str, keys @@ AnyKind, arguments: impl Arguments) -> Any as T
        = "FCALL_RO" (name, NumKeys(&MaybeEmpty(&keys)), MaybeEmpty(&arguments)) as FcallRo {
            since: redis "7.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Loads a library from its source and returns its name.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if there is a library of that name, or a function of one of its names, or if the source
    /// does not compile.
    fn function_load(source: &str) -> Bulk as String
        = "FUNCTION LOAD" as FunctionLoad {
            since: redis "7.0.0", arity: -3, access: ReadWrite, effect: Preserves, route: AllShards(AllSucceeded)
        };

    /// Loads a library from its source, in the place of one with the same name if there is one, and returns the name.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if another library has a function of one of its names, or if the source does not compile;
    /// the old library stays then.
    fn function_load_replace(source: &str) -> Bulk as String
        = "FUNCTION LOAD" ("REPLACE", source) as FunctionLoadReplace {
            since: redis "7.0.0", arity: -3, access: ReadWrite, effect: Preserves, route: AllShards(AllSucceeded)
        };

    /// Deletes the library with this name, and its functions.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if there is none.
    fn function_delete(name: &str) -> Status as ()
        = "FUNCTION DELETE" as FunctionDelete {
            since: redis "7.0.0", arity: 3, access: ReadWrite, effect: Preserves, route: AllShards(AllSucceeded)
        };

    /// Deletes all libraries.
    fn function_flush() -> Status as ()
        = "FUNCTION FLUSH" as FunctionFlush {
            since: redis "7.0.0", arity: -2, access: ReadWrite, effect: Preserves, route: AllShards(AllSucceeded)
        };

    /// Deletes all libraries, and frees their memory as `mode` says.
    fn function_flush_with(mode: impl FlushMode<Self::Server>) -> Status as ()
        = "FUNCTION FLUSH" as FunctionFlushWith {
            since: redis "7.0.0", arity: -2, access: ReadWrite, effect: Preserves, route: AllShards(AllSucceeded)
        };

    /// Returns all libraries in a binary form, for [`function_restore`](Self::function_restore): read it as `Vec<u8>` or
    /// [`Bytes`](bytes::Bytes).
    fn function_dump<T: FromReply<Bulk>>() -> Bulk as T
        = "FUNCTION DUMP" as FunctionDump {
            since: redis "7.0.0", arity: 2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Adds the libraries of a [dump](Self::function_dump) to those that the server has.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if there is a library of one of their names, and if the dump is damaged or of a newer
    /// server. Nothing is restored then.
    fn function_restore(dump: impl Argument) -> Status as ()
        = "FUNCTION RESTORE" as FunctionRestore {
            since: redis "7.0.0", arity: -3, access: ReadWrite, effect: Preserves, route: AllShards(AllSucceeded)
        };

    /// Restores the libraries of a [dump](Self::function_dump); `policy` says what becomes of those that the server has.
    ///
    /// # Errors
    ///
    /// As [`function_restore`](Self::function_restore), as far as the policy leaves it.
    fn function_restore_with(dump: impl Argument, policy: RestorePolicy) -> Status as ()
        = "FUNCTION RESTORE" as FunctionRestoreWith {
            since: redis "7.0.0", arity: -3, access: ReadWrite, effect: Preserves, route: AllShards(AllSucceeded)
        };

    /// Ends the function that runs now, if it has not written yet. On a cluster it is enough that one node runs a function.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) with NOTBUSY if none runs, and with UNKILLABLE if it has written.
    fn function_kill() -> Status as ()
        = "FUNCTION KILL" as FunctionKill {
            since: redis "7.0.0", arity: 2, access: ReadWrite, effect: Preserves, route: AllShards(OneSucceeded)
        };

    /// Returns the libraries that the server has.
    fn function_list() -> Array<Map<Bulk, Any>> as Vec<LibraryInfo>
        = "FUNCTION LIST" as FunctionList {
            since: redis "7.0.0", arity: -2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns the libraries that `options` asks for, with their sources if it says so.
    fn function_list_with(options: FunctionListOptions<'_>) -> Array<Map<Bulk, Any>> as Vec<LibraryInfo>
        = "FUNCTION LIST" as FunctionListWith {
            since: redis "7.0.0", arity: -2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns what the engines have, and the function that runs now. On a cluster of several nodes it is an error, because the
    /// reply is about one node.
    fn function_stats() -> Map<Bulk, Any> as FunctionStats
        = "FUNCTION STATS" as FunctionStatistics {
            since: redis "7.0.0", arity: 2, access: ReadOnly, effect: Preserves, route: AllShards(Special)
        };
}
