//! Tokens to a table, row by row, so that a broken row leaves the others whole.

use super::{
    ast::{Argument, Bound, Facts, Generic, Need, Role, Row, RowKeys, Table},
    facts,
};
use crate::{errors::Errors, semicolons::split_at_semicolons};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{
    AngleBracketedGenericArguments, Attribute, Expr, LitInt, Token, braced, bracketed, parenthesized,
    parse::{Parse, ParseStream, Parser},
    punctuated::Punctuated,
    token,
};

/// Reads a table. `None` if its head cannot be read.
pub(super) fn table(input: TokenStream, errors: &mut Errors) -> Option<Table> {
    let parser = |input: ParseStream<'_>| Ok((head(input)?, input.parse::<TokenStream>()?));
    match parser.parse2(input) {
        Ok((mut table, rows)) => {
            table.rows = self::rows(rows, errors);
            Some(table)
        }
        Err(error) => {
            errors.push(error);
            None
        }
    }
}

/// `/// docs pub trait Group in module;`
fn head(input: ParseStream<'_>) -> syn::Result<Table> {
    let attributes = input.call(Attribute::parse_outer)?;
    let visibility = input.parse()?;
    input.parse::<Token![trait]>()?;
    let group = input.parse()?;
    input.parse::<Token![in]>()?;
    let module = input.parse()?;
    input.parse::<Token![;]>()?;
    Ok(Table { attributes, visibility, group, module, rows: Vec::new() })
}

/// The rows, which end at a semicolon behind their facts.
fn rows(tokens: TokenStream, errors: &mut Errors) -> Vec<Row> {
    let mut rows = Vec::new();
    for tokens in split_at_semicolons(tokens) {
        let parser = |input: ParseStream<'_>| row(input, errors);
        match parser.parse2(tokens) {
            Ok(row) => rows.push(row),
            Err(error) => errors.push(error),
        }
    }
    rows
}

fn row(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Row> {
    let attributes = input.call(Attribute::parse_outer)?;
    input.parse::<Token![fn]>()?;
    let method = input.parse()?;
    let argument_generics = if input.peek(token::Bracket) { bracketed_generics(input)? } else { Vec::new() };
    let reply_generics = if input.peek(Token![<]) { angled_generics(input)? } else { Vec::new() };
    let content;
    parenthesized!(content in input);
    let arguments = arguments(&content, errors)?;
    input.parse::<Token![->]>()?;
    let shape = input.parse()?;
    input.parse::<Token![as]>()?;
    let reply = input.parse()?;
    let bounds = bounds(input)?;
    input.parse::<Token![=]>()?;
    let wire = input.parse()?;
    let sent = if input.peek(token::Paren) { Some(sent(input)?) } else { None };
    input.parse::<Token![as]>()?;
    let marker = input.parse()?;
    let content;
    braced!(content in input);
    let facts: Facts = facts::parse(&content, errors)?;
    if !input.is_empty() {
        return Err(input.error("expected `;` behind the facts of a row"));
    }
    Ok(Row {
        attributes,
        method,
        argument_generics,
        reply_generics,
        arguments,
        shape,
        reply,
        bounds,
        wire,
        sent,
        marker,
        facts,
    })
}

fn bracketed_generics(input: ParseStream<'_>) -> syn::Result<Vec<Generic>> {
    let content;
    bracketed!(content in input);
    Ok(Punctuated::<Generic, Token![,]>::parse_terminated(&content)?.into_iter().collect())
}

fn angled_generics(input: ParseStream<'_>) -> syn::Result<Vec<Generic>> {
    input.parse::<Token![<]>()?;
    let mut generics = Vec::new();
    while !input.peek(Token![>]) {
        generics.push(input.parse()?);
        if !input.peek(Token![>]) {
            input.parse::<Token![,]>()?;
        }
    }
    input.parse::<Token![>]>()?;
    Ok(generics)
}

impl Parse for Generic {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.parse()?;
        input.parse::<Token![:]>()?;
        Ok(Generic { name, bounds: Punctuated::parse_separated_nonempty(input)? })
    }
}

fn arguments(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Vec<Argument>> {
    let mut arguments = Vec::new();
    while !input.is_empty() {
        arguments.push(argument(input, errors)?);
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok(arguments)
}

/// `NAME ROLE`, or `NAME ROLE => EFFECT`.
fn argument(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Argument> {
    let name = input.parse()?;
    let role = role(input)?;
    let mut key_fact = None;
    if input.peek(Token![=>]) {
        input.parse::<Token![=>]>()?;
        key_fact = facts::of_argument(input, errors)?;
    }
    Ok(Argument { name, role, key_fact })
}

fn role(input: ParseStream<'_>) -> syn::Result<Role> {
    if input.peek(Token![:]) {
        input.parse::<Token![:]>()?;
        return input.parse().map(Role::Value);
    }
    input.parse::<Token![@]>()?;
    if input.peek(Token![@]) {
        input.parse::<Token![@]>()?;
        return need(input).map(Role::Keys);
    }
    if input.peek(Token![:]) {
        input.parse::<Token![:]>()?;
        return Ok(Role::Rows { of: input.parse()?, keys: row_keys(input)? });
    }
    if input.peek(Token![=]) {
        input.parse::<Token![=]>()?;
        let generic = input.parse()?;
        word(input, "of", "expected `of KIND`: `key @= K of Str`")?;
        return Ok(Role::Named { generic, kind: need(input)? });
    }
    need(input).map(Role::Key)
}

/// Nothing, or `of KIND by WORDS`.
fn row_keys(input: ParseStream<'_>) -> syn::Result<Option<RowKeys>> {
    if !input.peek(syn::Ident) {
        return Ok(None);
    }
    let expected = "expected `of KIND by WORDS`: `rows @: impl KeySamples of TimeSeries by 3`";
    word(input, "of", expected)?;
    let need = need(input)?;
    word(input, "by", expected)?;
    let words: LitInt = input.parse()?;
    match words.base10_parse::<u8>() {
        Ok(2..) => Ok(Some(RowKeys { need, words })),
        _ => Err(syn::Error::new(words.span(), "a row is a key with at least one word behind it: 2 words or more")),
    }
}

/// Reads a word of the grammar.
fn word(input: ParseStream<'_>, word: &str, expected: &str) -> syn::Result<()> {
    let found: Ident = input.parse()?;
    if found == word { Ok(()) } else { Err(syn::Error::new(found.span(), expected)) }
}

fn need(input: ParseStream<'_>) -> syn::Result<Need> {
    let kind: Ident = input.parse()?;
    let generics = if input.peek(Token![<]) { Some(input.parse::<AngleBracketedGenericArguments>()?) } else { None };
    let need = quote!(#kind #generics);
    Ok(Need { kind, need })
}

/// `where TYPE: BOUND, ..`, up to the `=` before the wire name.
fn bounds(input: ParseStream<'_>) -> syn::Result<Vec<Bound>> {
    let mut bounds = Vec::new();
    if !input.peek(Token![where]) {
        return Ok(bounds);
    }
    input.parse::<Token![where]>()?;
    loop {
        let bounded = input.parse()?;
        input.parse::<Token![:]>()?;
        bounds.push(Bound { bounded, bound: input.parse()? });
        if !input.peek(Token![,]) {
            return Ok(bounds);
        }
        input.parse::<Token![,]>()?;
    }
}

fn sent(input: ParseStream<'_>) -> syn::Result<Vec<Expr>> {
    let content;
    parenthesized!(content in input);
    Ok(Punctuated::<Expr, Token![,]>::parse_terminated(&content)?.into_iter().collect())
}
