//! The bounds of generic code: whatever runs commands at once, a client of any topology or a watching pipeline.

use super::CommandFuture;
use crate::{
    command::{Command, CommandSink, Lent, MayWrite, sealed::Sealed},
    resp::Writer,
};

/// A client or a watching pipeline that takes all commands: the one bound of a function that is generic over these.
///
/// `&mut impl Commands` has every command as a method. It is `&mut &client` of a client of [any
/// topology](crate::topology), which is shared, and `&mut tx` of a watching pipeline. Functions hand it on as it is.
///
/// ```
/// use typedis::{Client, Commands, Result, prelude::*};
///
/// async fn visit(c: &mut impl Commands, user: u64) -> Result<(i64, Option<String>)> {
///     let visits = c.incr(format!("visits:{user}")).await?;
///     Ok((visits, c.get(format!("name:{user}")).await?))
/// }
/// # async fn example(client: &Client) -> Result<()> {
///
/// let (visits, name) = visit(&mut &client, 7).await?;
///
/// let mut tx = client.pipeline().watch("lock").await?;
/// visit(&mut tx, 7).await?;
/// # assert_eq!((visits, name), (1, None));
/// # Ok(()) }
/// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
/// ```
///
/// Commands for all nodes of a cluster, such as KEYS, are not among them, since a watching pipeline has one node.
///
/// # Servers
///
/// The bound alone offers what every supported server has. What came later needs the servers' release, as a client
/// [declares](crate::Config::at_least) it; [`at_least`](crate::ClientOn::at_least) lends a client that declares a newer one:
///
/// ```
/// use typedis::{Commands, Result, prelude::*, version::Redis6_2};
///
/// async fn take(c: &mut impl Commands<Server = Redis6_2>, coupon: &str) -> Result<Option<String>> {
///     c.getdel(coupon).await
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not take all commands at once",
    label = "not a client, nor a watching pipeline",
    note = "lend `&mut &client`, or `&mut tx` of a watching pipeline; for a client of replicas the function takes `&mut impl ReadCommands`"
)]
pub trait Commands: ReadCommands<Access = MayWrite> {}

/// A client, a client of replicas or a watching pipeline, of which a function takes only commands that read.
///
/// It is what [`Commands`] is, without the commands that write, and so also what a [client of
/// replicas](crate::ReplicaClient) is:
///
/// ```
/// use typedis::{ReadCommands, Result, prelude::*};
///
/// async fn profile(c: &mut impl ReadCommands, user: u64) -> Result<(Option<String>, u64)> {
///     Ok((c.get(format!("name:{user}")).await?, c.llen(format!("orders:{user}")).await?))
/// }
/// # async fn example(client: &typedis::ClusterClient) -> Result<()> {
///
/// profile(&mut &client.replicas(), 7).await?;
/// # Ok(()) }
/// ```
#[diagnostic::on_unimplemented(
    message = "commands cannot be called on `&mut {Self}`",
    label = "not a client, nor a watching pipeline",
    note = "generic code takes `c: &mut impl Commands`, and is called with `&mut &client` or with `&mut tx` of a watching pipeline",
    note = "inside `each` and `when` stands exactly one command"
)]
pub trait ReadCommands: Sealed {
    /// The servers that the client declares.
    type Server;

    /// The commands that are taken: [`MayWrite`], all of them, or [`OnlyReads`](crate::command::OnlyReads).
    type Access;

    /// The nodes of a cluster that are reached.
    #[doc(hidden)]
    type Reach;

    /// Runs the command that `encode` writes.
    #[doc(hidden)]
    fn run<C: Command>(&mut self, encode: impl FnOnce(&mut Writer<'_>)) -> CommandFuture<'_, C::Reply>;
}

/// A client, which runs commands by a shared reference, as [`ReadCommands`] has it by a mutable one: so a reference to it, be it a
/// variable's or a parameter's, is what generic code is lent.
pub trait SharedCommands: Sealed {
    /// The servers that the client declares.
    type Server;
    /// The commands that are taken.
    type Access;
    /// The nodes of a cluster that are reached.
    type Reach;

    /// Runs the command that `encode` writes.
    fn run_shared<C: Command>(&self, encode: impl FnOnce(&mut Writer<'_>)) -> CommandFuture<'_, C::Reply>;
}

impl<S: SharedCommands> Sealed for &S {}

impl<S: SharedCommands> SharedCommands for &S {
    type Server = S::Server;
    type Access = S::Access;
    type Reach = S::Reach;

    fn run_shared<C: Command>(&self, encode: impl FnOnce(&mut Writer<'_>)) -> CommandFuture<'_, C::Reply> {
        (**self).run_shared::<C>(encode)
    }
}

impl<S: SharedCommands> ReadCommands for &S {
    type Server = S::Server;
    type Access = S::Access;
    type Reach = S::Reach;

    fn run<C: Command>(&mut self, encode: impl FnOnce(&mut Writer<'_>)) -> CommandFuture<'_, C::Reply> {
        (**self).run_shared::<C>(encode)
    }
}

impl<S: SharedCommands<Access = MayWrite>> Commands for &S {}

impl<X: ReadCommands> Sealed for &mut X {}

impl<'a, X: ReadCommands> CommandSink for &'a mut X {
    type Dispatch = Lent<X::Access, X::Reach>;
    type Server = X::Server;
    type Entry<C: Command, S> = C;
    type Output<C: Command> = CommandFuture<'a, C::Reply>;

    fn submit<C: Command>(self, encode: impl FnOnce(&mut Writer<'_>)) -> Self::Output<C> {
        self.run::<C>(encode)
    }
}
