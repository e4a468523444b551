//! The types of Lua scripts, with the type of their reply.

use crate::{
    argument::Arguments,
    reply::{Any, FromReply},
    resp::{ScriptSource, SourceKind, Writer},
};
use std::{fmt, marker::PhantomData, sync::Arc};

/// A Lua script whose reply is a `T`.
///
/// A script is loaded on the connection that runs it, before MULTI, so it can be queued like any other command. Its
/// source is sent along each time, so that a SCRIPT FLUSH by another client does no harm:
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
    reply: PhantomData<fn() -> T>,
}

impl<T: FromReply<Any>> Script<T> {
    /// Makes a script of its Lua source. Nothing is sent until it is run.
    pub fn new(source: impl Into<Box<str>>) -> Self {
        Script { source: source_of(SourceKind::Script, source.into()), reply: PhantomData }
    }
}

/// Makes the source of a script or a library.
pub(super) fn source_of(kind: SourceKind, text: Box<str>) -> Arc<ScriptSource> {
    let sha1 = sha1_smol::Sha1::from(text.as_bytes()).hexdigest().into();
    Arc::new(ScriptSource { kind, sha1, text })
}

impl<T> Script<T> {
    /// Returns the script's Lua source.
    pub fn source(&self) -> &str {
        &self.source.text
    }

    /// Returns the SHA1 of the source in hexadecimal, by which the server identifies the script.
    pub fn sha1(&self) -> &str {
        &self.source.sha1
    }
}

/// A Lua script that only reads and whose reply is a `T`, made by [`Script::read_only`]. The server refuses its writes.
pub struct ReadScript<T>(Script<T>);

impl<T> Script<T> {
    /// Makes this script one that only reads, for [`script_ro`](super::ScriptCommands::script_ro).
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
        Script { source: self.source.clone(), reply: PhantomData }
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
