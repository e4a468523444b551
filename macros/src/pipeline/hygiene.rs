//! Names in the expansion of `pipeline!`. Locals and labels are hygienic, so that no code of the user's can meet them. The
//! receiver of a command is not, because rustc underlines a call from its receiver on.

use super::command::Command;
use proc_macro2::{Ident, Span, TokenStream};
use quote::format_ident;

/// `quote!` with hygienic locals and labels.
macro_rules! hygienic {
    ($($tokens:tt)*) => { quote::quote_spanned!(proc_macro2::Span::mixed_site() => $($tokens)*) };
}
pub(super) use hygienic;

/// The hygienic locals `name1`, `name2` ..
pub(super) fn numbered(name: &str, count: usize) -> Vec<Ident> {
    (1..=count).map(|n| format_ident!("{name}{n}", span = Span::mixed_site())).collect()
}

/// The locals that hold the `EntryToken` of each entry of a queue, in order.
pub(super) fn entry_tokens(count: usize) -> Vec<Ident> {
    numbered("token", count)
}

/// A receiver from the user's own context at `span`: with a hygienic one rustc would underline the whole macro.
pub(super) fn receiver(span: Span) -> Ident {
    Ident::new("__typedis_pipeline", span)
}

/// The method call of `command` on `pipeline`.
pub(super) fn method_call(command: &Command, pipeline: TokenStream) -> TokenStream {
    let call = on_receiver(command);
    hygienic!(match #pipeline { #call })
}

/// The same, awaited. The await stands inside of the `match`, so that what the arguments borrow lives as long as it takes.
pub(super) fn awaited_method_call(command: &Command, pipeline: TokenStream) -> TokenStream {
    let call = on_receiver(command);
    hygienic!(match #pipeline { #call.await })
}

/// A match arm that calls the method. The receiver has the span of the parenthesis, so that an editor finds nothing but
/// the method at the command's name.
fn on_receiver(command: &Command) -> TokenStream {
    let receiver = receiver(command.open_parenthesis());
    hygienic!(#receiver => #receiver.#command)
}
