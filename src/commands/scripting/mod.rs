//! Commands that run and load Lua scripts, and the types of scripts.

pub(crate) mod script;

use script::{ReadScript, Script};

use crate::{
    argument::Arguments,
    command::encode::{MaybeEmpty, NumKeys},
    key::AnyKind,
    reply::{Any, FromReply},
};

commands! {
    /// Commands that run and load Lua scripts. See [`Script`].
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
    /// # let server: String = client.info_section("server").await?;
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
}
