//! Parser of `keyspace!`. Every entry is read by itself, so that a half-typed one leaves the others whole.

use super::ast::{Argument, Entry, Form, Parameter};
use crate::{errors::Errors, semicolons::split_at_semicolons};
use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::{
    Attribute, Lit, LitStr, Token, Type, parenthesized,
    parse::{Parse, ParseStream},
    punctuated::Punctuated,
};

pub(super) fn parse(input: TokenStream, errors: &mut Errors) -> Vec<Entry> {
    let mut rows = split_at_semicolons(input).into_iter().peekable();
    let tag = rows.next_if(|row| syn::parse2::<Tag>(row.clone()).is_ok()).and_then(|row| syn::parse2::<Tag>(row).ok());
    let mut entries: Vec<Entry> = rows.filter_map(|row| errors.ok(syn::parse2(row))).collect();
    if let Some(Tag(tag)) = tag {
        tag_all(&mut entries, &tag, errors);
    }
    entries
}

/// `tag "shop"`: the hash tag of all keys.
struct Tag(LitStr);

impl Parse for Tag {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let word: Ident = input.parse()?;
        if word != "tag" {
            return Err(syn::Error::new(word.span(), EXPECTED_KEY));
        }
        Ok(Tag(input.parse()?))
    }
}

/// Begins every name with the tag.
fn tag_all(entries: &mut [Entry], tag: &LitStr, errors: &mut Errors) {
    let text = tag.value();
    if text.is_empty() || text.contains(['{', '}']) {
        return errors.add(tag.span(), NOT_A_TAG);
    }
    for entry in entries {
        let (Form::Constant { name, .. } | Form::Family { name, .. }) = &mut entry.form else { continue };
        if name.value().contains("{{") {
            errors.add(name.span(), TWO_TAGS);
        } else if !name.value().is_empty() {
            *name = LitStr::new(&format!("{{{{{text}}}}}:{}", name.value()), name.span());
        }
    }
}

impl Parse for Entry {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        let ident = input.parse().map_err(|error| expected_key(&error))?;
        let form = if input.peek(Token![=]) {
            member(input)?
        } else if input.peek(syn::token::Paren) {
            family(input)?
        } else if input.peek(Token![:]) {
            let (kind, name) = kind_and_name(input)?;
            Form::Constant { kind, name }
        } else {
            return Err(expected_key(&input.error("")));
        };
        end(input)?;
        Ok(Entry { attributes, visibility, ident, form })
    }
}

fn family(input: ParseStream<'_>) -> syn::Result<Form> {
    let content;
    parenthesized!(content in input);
    let parameters = Punctuated::<Parameter, Token![,]>::parse_terminated(&content)?;
    let (kind, name) = kind_and_name(input)?;
    Ok(Form::Family { parameters: parameters.into_iter().collect(), kind, name })
}

fn kind_and_name(input: ParseStream<'_>) -> syn::Result<(Type, LitStr)> {
    input.parse::<Token![:]>().map_err(|error| expected_key(&error))?;
    let kind = input.parse()?;
    input.parse::<Token![=]>().map_err(|error| expected_key(&error))?;
    let name = input.parse().map_err(|error| syn::Error::new(error.span(), NOT_A_NAME))?;
    Ok((kind, name))
}

fn member(input: ParseStream<'_>) -> syn::Result<Form> {
    input.parse::<Token![=]>()?;
    if input.peek(Lit) {
        return Err(input.error(NO_KIND));
    }
    let family = input.parse().map_err(|error| expected_key(&error))?;
    let content;
    parenthesized!(content in input);
    let arguments = Punctuated::<Argument, Token![,]>::parse_terminated(&content)?;
    Ok(Form::Member { family, arguments: arguments.into_iter().collect() })
}

fn end(input: ParseStream<'_>) -> syn::Result<()> {
    if input.is_empty() { Ok(()) } else { Err(input.error("expected `;`: keys are separated by it")) }
}

fn expected_key(error: &syn::Error) -> syn::Error {
    syn::Error::new(error.span(), EXPECTED_KEY)
}

impl Parse for Parameter {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let ident = input.parse()?;
        input.parse::<Token![:]>()?;
        Ok(Parameter { ident, ty: input.parse()? })
    }
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let minus: Option<Token![-]> = input.parse()?;
        let literal: Lit = input.parse().map_err(|error| syn::Error::new(error.span(), NOT_A_LITERAL))?;
        let text = match (&literal, minus.is_some()) {
            (Lit::Str(text), false) => text.value(),
            (Lit::Char(text), false) => text.value().to_string(),
            (Lit::Bool(value), false) => value.value().to_string(),
            (Lit::Int(number), false) => number.base10_digits().to_owned(),
            (Lit::Int(number), true) => format!("-{}", number.base10_digits()),
            _ => return Err(syn::Error::new(literal.span(), NOT_A_LITERAL)),
        };
        let mut tokens = minus.to_token_stream();
        literal.to_tokens(&mut tokens);
        Ok(Argument { tokens, text })
    }
}

const EXPECTED_KEY: &str = "expected a key: `NAME: Str<i64> = \"name\";`, a family: `user(id: u64): Str<String> = \"user:{id}\";`, \
    or one key of a family: `ROOT = user(0);`";

const NOT_A_TAG: &str = "a tag is the text between the braces of each name: not empty, and without braces";

const TWO_TAGS: &str = "the keyspace has a tag, with which this name begins, so that a second one would have no effect";

const NOT_A_NAME: &str = "expected the key's name as a string literal, such as `\"user:{id}\"`";

const NO_KIND: &str = "expected what the key holds before its name: `NAME: Str<i64> = \"name\";`";

const NOT_A_LITERAL: &str = "expected text, a whole number, a character or a `bool`: what is known only at run time is \
    given to the family itself";
