//! Placeholders for broken input. Each has the type of what it replaces, so that everything around it is still checked
//! beside the error.

use super::{ast::Client, command::Command, hygiene::hygienic};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::Expr;

/// A client, where there is none.
pub(super) fn missing_client() -> Client {
    let expr = hygienic!((|| -> &'static __typedis::Client { ::core::unreachable!() })());
    Client { expr, arrow: Span::mixed_site() }
}

/// The first `watch` of a block that has none.
pub(super) fn missing_watch() -> Command {
    missing_command("watch", quote!(""))
}

/// The `multi()` of a block that has none.
pub(super) fn missing_multi() -> Command {
    missing_command("multi", TokenStream::new())
}

/// A `break` or `continue` that must not be expanded.
pub(super) fn jump() -> Expr {
    Expr::Verbatim(hygienic!((::core::unreachable!())))
}

/// A read that has no pipeline to run on.
pub(super) fn read(command: &Command) -> Expr {
    let pipeline = hygienic!(__typedis::Pipeline<__typedis::Watching>);
    Expr::Verbatim(hygienic!(((|| -> #pipeline { ::core::unreachable!() })().#command.await)))
}

fn missing_command(name: &str, arguments: TokenStream) -> Command {
    Command::new(Ident::new(name, Span::mixed_site()), arguments)
}
