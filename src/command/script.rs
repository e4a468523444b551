//! Lua scripts.

use super::{MaybeEmpty, NumKeys};
use crate::{
    argument::Arguments,
    key::AnyKind,
    reply::{Any, FromReply},
    resp::{ScriptSource, Writer},
};
use std::{fmt, marker::PhantomData, sync::Arc};

/// A Lua script that answers a `T`.
///
/// It is loaded on the connection that runs it, before MULTI, so it can be queued like any other command. So that SCRIPT
/// FLUSH by another client does no harm, its source is sent along each time:
///
/// ```
/// use typedis::{Client, Script, prelude::*};
/// # async fn example(client: &Client) -> typedis::Result<()> {
/// let bump: Script<i64> = Script::new("return redis.call('INCRBY', KEYS[1], ARGV[1])");
///
/// assert_eq!(client.script(&bump, "hits", 2).await?, 2);
/// let (hits, name) = typedis::pipeline! { client => script(&bump, "hits", 3); get::<String>("name") }?;
/// assert_eq!((hits, name), (5, None));
/// # Ok(()) }
/// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
/// ```
pub struct Script<T> {
    source: Arc<ScriptSource>,
    answers: PhantomData<fn() -> T>,
}

impl<T: FromReply<Any>> Script<T> {
    /// Makes a script of its Lua source. Nothing is sent until it is run.
    pub fn new(source: impl Into<Box<str>>) -> Self {
        let text = source.into();
        let sha1 = sha1_smol::Sha1::from(text.as_bytes()).hexdigest().into();
        Script { source: Arc::new(ScriptSource { sha1, text }), answers: PhantomData }
    }
}

impl<T> Script<T> {
    /// Returns the script's Lua source.
    pub fn source(&self) -> &str {
        &self.source.text
    }

    /// Returns the SHA1 that the server knows the script by, in hexadecimal.
    pub fn sha1(&self) -> &str {
        &self.source.sha1
    }
}

/// A Lua script that answers a `T` and only reads, made by [`Script::read_only`]. The server refuses what it writes.
pub struct ReadScript<T>(Script<T>);

impl<T> Script<T> {
    /// Makes a script that only reads of this one, for [`script_ro`](ScriptCommands::script_ro).
    pub fn read_only(self) -> ReadScript<T> {
        ReadScript(self)
    }
}

impl<T> Clone for ReadScript<T> {
    fn clone(&self) -> Self {
        ReadScript(self.0.clone())
    }
}

impl<T> fmt::Debug for ReadScript<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ReadScript").field(&self.0.sha1()).finish()
    }
}

impl<T> Arguments for ReadScript<T> {
    type Item = Self;
    fn count(&self) -> usize {
        1
    }
    fn write_all(&self, out: &mut Writer) {
        self.0.write_all(out);
    }
}

impl<T> Clone for Script<T> {
    fn clone(&self) -> Self {
        Script { source: self.source.clone(), answers: PhantomData }
    }
}

impl<T> fmt::Debug for Script<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Script").field(&self.sha1()).finish()
    }
}

impl<T> Arguments for Script<T> {
    type Item = Self;
    fn count(&self) -> usize {
        1
    }
    fn write_all(&self, out: &mut Writer) {
        out.add_script(&self.source);
        out.bulk(self.sha1().as_bytes());
    }
}

commands! {
    /// Lua scripts. See [`Script`].
    pub trait ScriptCommands in cmd;

    /// Runs `script` on `keys` with `arguments` and returns what it answers.
    ///
    /// The script is loaded before it is run, in a transaction before MULTI. `()`, or an empty collection, stands for no keys or no arguments. All
    /// keys that the script touches should be named, so that the server can check them.
    ///
    /// [EVALSHA](https://redis.io/docs/latest/commands/evalsha/)
    fn script<T: FromReply<Any>>(script: &Script<T>, keys @@ AnyKind, arguments: impl Arguments) -> Any as T
        = "EVALSHA" (script, NumKeys(&MaybeEmpty(&keys)), MaybeEmpty(&arguments)) as RunScript {
            since: "2.6.0", arity: -3, access: writes, leaves: anything, multi: yes, connection: any
        };

    /// Runs `script`, which only reads, on `keys` with `arguments` and returns what it answers.
    ///
    /// It is loaded as [`script`](ScriptCommands::script) loads it. The server refuses a script that writes, so a
    /// pipeline that holds it may be [sent again](crate::Pipeline::retry_reads).
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
    ///
    /// [EVALSHA_RO](https://redis.io/docs/latest/commands/evalsha_ro/)
    fn script_ro<T: FromReply<Any>>(script: &ReadScript<T>, keys @@ AnyKind, arguments: impl Arguments) -> Any as T
        = "EVALSHA_RO" (script, NumKeys(&MaybeEmpty(&keys)), MaybeEmpty(&arguments)) as RunReadScript {
            since: "7.0.0", arity: -3, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Runs the Lua source `source` on `keys` with `arguments` and returns what it answers.
    ///
    /// As a [`Script`], Lua that does not compile stops a transaction before anything ran.
    ///
    /// [EVAL](https://redis.io/docs/latest/commands/eval/)
    fn eval<T: FromReply<Any>>(source: &str, keys @@ AnyKind, arguments: impl Arguments) -> Any as T
        = "EVAL" (source, NumKeys(&MaybeEmpty(&keys)), MaybeEmpty(&arguments)) as Eval {
            since: "2.6.0", arity: -3, access: writes, leaves: anything, multi: yes, connection: any
        };

    /// Runs the script of the SHA1 `sha1` on `keys` with `arguments` and returns what it answers.
    ///
    /// Fails with NOSCRIPT when the server does not know it; [`script`](ScriptCommands::script) loads it first.
    ///
    /// [EVALSHA](https://redis.io/docs/latest/commands/evalsha/)
    fn evalsha<T: FromReply<Any>>(sha1: &str, keys @@ AnyKind, arguments: impl Arguments) -> Any as T
        = "EVALSHA" (sha1, NumKeys(&MaybeEmpty(&keys)), MaybeEmpty(&arguments)) as Evalsha {
            since: "2.6.0", arity: -3, access: writes, leaves: anything, multi: yes, connection: any
        };

    /// Runs the Lua source `source`, which only reads, on `keys` with `arguments` and returns what it answers. The server
    /// refuses what it writes.
    ///
    /// [EVAL_RO](https://redis.io/docs/latest/commands/eval_ro/)
    fn eval_ro<T: FromReply<Any>>(source: &str, keys @@ AnyKind, arguments: impl Arguments) -> Any as T
        = "EVAL_RO" (source, NumKeys(&MaybeEmpty(&keys)), MaybeEmpty(&arguments)) as EvalRo {
            since: "7.0.0", arity: -3, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Runs the script of the SHA1 `sha1`, which only reads, on `keys` with `arguments` and returns what it answers.
    ///
    /// Fails with NOSCRIPT when the server does not know it; [`script_ro`](ScriptCommands::script_ro) loads it first.
    ///
    /// [EVALSHA_RO](https://redis.io/docs/latest/commands/evalsha_ro/)
    fn evalsha_ro<T: FromReply<Any>>(sha1: &str, keys @@ AnyKind, arguments: impl Arguments) -> Any as T
        = "EVALSHA_RO" (sha1, NumKeys(&MaybeEmpty(&keys)), MaybeEmpty(&arguments)) as EvalshaRo {
            since: "7.0.0", arity: -3, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Loads the Lua source `source` into the server's cache and returns its SHA1.
    ///
    /// [SCRIPT LOAD](https://redis.io/docs/latest/commands/script-load/)
    fn script_load(source: &str) -> Bulk as String
        = "SCRIPT LOAD" as ScriptLoad {
            since: "2.6.0", arity: 3, access: writes, leaves: same, multi: yes, connection: any
        };

    /// Tells of each SHA1 whether the server's cache has its script.
    ///
    /// [SCRIPT EXISTS](https://redis.io/docs/latest/commands/script-exists/)
    fn script_exists(sha1s: impl Arguments) -> Array<Flag> as Vec<bool>
        = "SCRIPT EXISTS" as ScriptExists {
            since: "2.6.0", arity: -3, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Empties the server's cache of scripts.
    ///
    /// [SCRIPT FLUSH](https://redis.io/docs/latest/commands/script-flush/)
    fn script_flush() -> Status as ()
        = "SCRIPT FLUSH" as ScriptFlush {
            since: "2.6.0", arity: -2, access: writes, leaves: same, multi: yes, connection: any
        };
}
