//! The derive of `DocumentPart`: a struct with some of the fields of a document.

use crate::{
    errors::Errors,
    hash_fields::{self, Field},
};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Attribute, ItemStruct, Path, spanned::Spanned};

pub(super) fn expand(item: &ItemStruct, errors: &mut Errors) -> Option<TokenStream> {
    let fields = hash_fields::read(item, &hash_fields::HASH, &mut Errors::default())?;
    let crate_path = hash_fields::crate_path(&item.attrs, &mut Errors::default());
    let document = document(item, errors)?;
    let mut checks = Vec::new();
    for (Field { constant, name, ty, .. }, declared) in fields.iter().zip(&item.fields) {
        if !is_computed(&declared.attrs, errors) {
            checks.push(quote_spanned! { ty.span() =>
                const _: () = {
                    let field: __typedis::Field<#document, #ty> = <#document>::#constant;
                    ::core::assert!(__typedis::search::is_same_name(field.name(), #name), #OTHER_NAME);
                };
            });
        }
    }
    let import = crate_path.import();
    let of = &item.ident;
    Some(quote! {
        const _: () = {
            #import
            #[diagnostic::do_not_recommend]
            impl __typedis::search::DocumentPart for #of {
                type Document = #document;
            }
            // The fields are those of the document, by the constants of its `HashFields`.
            #(#checks)*
        };
    })
}

const OTHER_NAME: &str =
    "the document's field has another name in the hash: give this one the same `#[typedis(rename = ..)]`";

/// The path in `#[search(of = Document)]` on the struct.
fn document(item: &ItemStruct, errors: &mut Errors) -> Option<Path> {
    let mut document = None;
    for attribute in item.attrs.iter().filter(|attribute| attribute.path().is_ident("search")) {
        let read = attribute.parse_nested_meta(|meta| {
            if !meta.path.is_ident("of") {
                return Err(meta.error("expected `of = Document`, the only setting of a part"));
            }
            document = Some(meta.value()?.parse::<Path>()?);
            Ok(())
        });
        if let Err(error) = read {
            errors.push(error);
            return None;
        }
    }
    if document.is_none() {
        errors.add(item.ident.span(), "say which document it is a part of: `#[search(of = Document)]`");
    }
    document
}

/// Whether a field is none of the document, but computed by the search.
fn is_computed(attributes: &[Attribute], errors: &mut Errors) -> bool {
    let mut computed = false;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("search")) {
        let read = attribute.parse_nested_meta(|meta| {
            if !meta.path.is_ident("computed") {
                return Err(meta.error("expected `computed`: a field that the search adds, such as a distance"));
            }
            computed = true;
            Ok(())
        });
        if let Err(error) = read {
            errors.push(error);
        }
    }
    computed
}
