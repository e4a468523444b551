//! The types of libraries and their functions, with the type of a function's reply.

use super::script::source_of;
use crate::{
    argument::Arguments,
    reply::{Any, FromReply},
    resp::{ScriptSource, SourceKind, Writer},
};
use std::{fmt, marker::PhantomData, sync::Arc};

/// A library of functions, by its source.
///
/// The source begins with the line that names its engine and the library, and registers the functions:
///
/// ```
/// use typedis::{Client, commands::scripting::{Function, Library}, prelude::*};
///
/// const SHOP: &str = "#!lua name=shop
/// redis.register_function('take', function(keys, args)
///     return redis.call('DECRBY', keys[1], args[1])
/// end)
/// redis.register_function{
///     function_name = 'stock',
///     callback = function(keys) return redis.call('GET', keys[1]) end,
///     flags = {'no-writes'}
/// }";
///
/// # async fn example(client: &Client) -> typedis::Result<()> {
/// # if client.info_section("server").await?.contains("redis_version:6.") { return Ok(()) }
/// let shop = Library::new(SHOP);
/// let take: Function<i64> = shop.function("take");
/// let stock = shop.function::<Option<u64>>("stock").read_only();
///
/// client.set("apples", 10).await?;
/// assert_eq!(client.function(&take, "apples", 3).await?, 7);
/// assert_eq!(client.function_ro(&stock, "apples", ()).await?, Some(7));
/// # Ok(()) }
/// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
/// ```
///
/// The library is loaded on the server before the first of its functions runs, in a transaction before MULTI, unless the server
/// has a library of that name. **That one stays as it is, whatever its source**: a new version is deployed by
/// [`function_load_replace`](super::ScriptCommands::function_load_replace). A library is a part of the data, which is saved and
/// copied to replicas, so it is loaded once on a connection. Where another client deletes it later, the next call fails
/// with the server's `Function not found`, and the one after it loads the library again.
#[derive(Clone)]
pub struct Library {
    source: Arc<ScriptSource>,
}

/// A function of a [`Library`] whose reply is a `T`, for [`function`](super::ScriptCommands::function).
pub struct Function<T> {
    /// The source of its library.
    source: Arc<ScriptSource>,
    name: Arc<str>,
    reply: PhantomData<fn() -> T>,
}

/// A function that only reads, made by [`Function::read_only`]: the server refuses it unless the library registers it with the flag
/// `no-writes`.
pub struct ReadFunction<T>(Function<T>);

impl Library {
    /// Makes a library of its source. Nothing is sent until a function is called.
    pub fn new(source: impl Into<Box<str>>) -> Self {
        Library { source: source_of(SourceKind::Library, source.into()) }
    }

    /// Returns the library's source.
    pub fn source(&self) -> &str {
        &self.source.text
    }

    /// Returns the function that the library registers under this name.
    pub fn function<T: FromReply<Any>>(&self, name: impl Into<Arc<str>>) -> Function<T> {
        Function { source: self.source.clone(), name: name.into(), reply: PhantomData }
    }
}

impl<T> Function<T> {
    /// Returns the function's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Makes this function one that only reads, for [`function_ro`](super::ScriptCommands::function_ro).
    pub fn read_only(self) -> ReadFunction<T> {
        ReadFunction(self)
    }
}

impl fmt::Debug for Library {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Library").field(&self.source().lines().next().unwrap_or_default()).finish()
    }
}

impl<T> Clone for Function<T> {
    fn clone(&self) -> Self {
        Function { source: self.source.clone(), name: self.name.clone(), reply: PhantomData }
    }
}

impl<T> fmt::Debug for Function<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Function").field(&self.name).finish()
    }
}

impl<T> Clone for ReadFunction<T> {
    fn clone(&self) -> Self {
        ReadFunction(self.0.clone())
    }
}

impl<T> fmt::Debug for ReadFunction<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ReadFunction").field(&self.0.name).finish()
    }
}

impl<T> Arguments for Function<T> {
    type Item = Self;
    fn count(&self) -> usize {
        1
    }
    fn write_all(&self, out: &mut Writer) {
        out.add_script(&self.source);
        out.bulk(self.name.as_bytes());
    }
}

impl<T> Arguments for ReadFunction<T> {
    type Item = Self;
    fn count(&self) -> usize {
        1
    }
    fn write_all(&self, out: &mut Writer) {
        self.0.write_all(out);
    }
}
