//! Named replies: the struct literal that the replies fill instead of a tuple.

use super::{
    ast::{Queued, ReplyStruct},
    hygiene::hygienic,
};
use crate::errors::Errors;
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::quote_spanned;

/// The struct literal that is filled from `replies`, one for each command of `queue`. Its tokens have the user's spans, so
/// that rustc reports a missing, doubled or unknown field there.
pub(super) fn fill(reply_struct: &ReplyStruct, queue: &[Queued], replies: &[Ident], errors: &Errors) -> TokenStream {
    let ReplyStruct { path, braces } = reply_struct;
    let commands = queue.iter().filter_map(Queued::command);
    let fields = commands.zip(replies).filter_map(|(command, reply)| {
        let field = command.field.as_ref()?;
        Some(quote_spanned!(field.span() => #field: #reply,))
    });
    // Beside an error a field may lack its command, and that is no second error.
    let rest = (!errors.is_empty()).then(|| hygienic!(..(|| ::core::unreachable!())()));
    let mut literal = Group::new(Delimiter::Brace, quote_spanned!(Span::mixed_site() => #(#fields)* #rest));
    literal.set_span(*braces);
    quote_spanned!(*braces => #path #literal)
}
