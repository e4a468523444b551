//! Support of a command or an option by the servers that a client declares, as bounds of the methods that send them.
//!
//! Every declaration has impls of its own, none of which has a bound: of an impl with one, the compiler would name the whole
//! chain of methods before the command as the place of the error.

use super::declared::AnyVersion;

/// A release that some servers are older than, or that none of a vendor is: what came with it is a question to a client. What
/// the oldest servers have, and what a module brings, every client offers, also one that code is generic over.
pub trait AskedFor {}

/// The Redis servers that `Self` declares have `What`, which came with `Since`. A client that declares no Redis has none to
/// ask.
#[diagnostic::on_unimplemented(
    message = "`{What}` came with `{Since}`, and this client declares `{Self}`",
    label = "newer than the oldest server of this client",
    note = "do without it, or declare a newer server where the client is made: `Config::from_url(url)?.at_least(..)`; generic code declares it by its bound: `impl Commands<Server = ..>`"
)]
pub trait OnRedis<Since, What> {}

#[diagnostic::do_not_recommend]
impl<Since: AskedFor, What> OnRedis<Since, What> for AnyVersion {}
#[diagnostic::do_not_recommend]
impl<What, Any> OnRedis<AnyVersion, What> for Any {}

/// The Valkey servers that `Self` declares have `What`, which came with `Since`. A client that declares no Valkey has none to
/// ask.
#[diagnostic::on_unimplemented(
    message = "`{What}` came with `{Since}`, and this client declares `{Self}`",
    label = "newer than the oldest server of this client",
    note = "do without it, or declare a newer server where the client is made: `Config::from_url(url)?.at_least(..)`; generic code declares it by its bound: `impl Commands<Server = ..>`"
)]
pub trait OnValkey<Since, What> {}

#[diagnostic::do_not_recommend]
impl<Since: AskedFor, What> OnValkey<Since, What> for AnyVersion {}

/// `Self` declares Redis alone, and its servers have `What`, which came with `Since` and is in no Valkey.
#[diagnostic::on_unimplemented(
    message = "no Valkey has `{What}`, which came with `{Since}`, and this client declares `{Self}`",
    label = "of Redis alone",
    note = "do without it, or declare Redis alone where the client is made: `Config::from_url(url)?.at_least({Since})`"
)]
pub trait OnRedisAlone<Since, What> {}

#[diagnostic::do_not_recommend]
impl<Since, What> OnRedisAlone<Since, What> for AnyVersion {}

/// `Self` declares Valkey alone, and its servers have `What`, which came with `Since` and is in no Redis.
#[diagnostic::on_unimplemented(
    message = "no Redis has `{What}`, which came with `{Since}`, and this client declares `{Self}`",
    label = "of Valkey alone",
    note = "do without it, or declare Valkey alone where the client is made: `Config::from_url(url)?.at_least({Since})`"
)]
pub trait OnValkeyAlone<Since, What> {}

#[diagnostic::do_not_recommend]
impl<Since, What> OnValkeyAlone<Since, What> for AnyVersion {}

/// The servers that `Self` declares are also servers of the declaration `Older`.
#[diagnostic::on_unimplemented(
    message = "the servers of `{Self}` are not all among those of `{Older}`",
    label = "older, of another vendor, or not declared",
    note = "declare the servers where the client is made: `Config::from_url(url)?.at_least(..)`"
)]
pub trait AtLeast<Older> {}
