//! The derive of `SearchDocument`: the schema of an index, and its fields as typed values.

use super::setting::{self, Setting};
use crate::{
    errors::Errors,
    hash_fields::{self, Field},
};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{ItemStruct, spanned::Spanned};

pub(super) fn expand(item: &ItemStruct, errors: &mut Errors) -> Option<TokenStream> {
    // The derive of `HashFields` reports what the fields lack.
    let fields = hash_fields::read(item, &hash_fields::HASH, &mut Errors::default())?;
    let crate_path = hash_fields::crate_path(&item.attrs, &mut Errors::default());
    let mut indexed = Vec::new();
    let mut is_wrong = false;
    for (field, declared) in fields.iter().zip(&item.fields) {
        match setting::of_field(&declared.attrs, &field.ty) {
            Ok(Some(setting)) => indexed.push((field, setting)),
            Ok(None) => {}
            Err(error) => {
                is_wrong = true;
                errors.push(error);
            }
        }
    }
    if indexed.is_empty() && !is_wrong {
        errors.add(item.ident.span(), NONE_INDEXED);
    }
    let import = crate_path.import();
    let items = [fields_struct(&item.ident, &indexed), trait_impl(&item.ident, &indexed), separators(&indexed)];
    Some(quote!(const _: () = { #import #(#items)* };))
}

/// The name of the generated struct. It is no likely name of a type in the fields, which it would hide from them.
fn struct_name(of: &Ident) -> Ident {
    format_ident!("__Typedis{of}Fields")
}

/// Asserts, where the struct is compiled, that a type that stores several tags does it with the declared separator.
fn separators(indexed: &[(&Field, Setting)]) -> TokenStream {
    let checks = indexed.iter().filter_map(|(Field { ty, .. }, setting)| {
        let separator = setting.separator.as_ref()?;
        Some(quote_spanned! { separator.span() =>
            const _: () = ::core::assert!(__typedis::search::is_separated_by::<#ty>(#separator), #WRONG_SEPARATOR);
        })
    });
    quote!(#(#checks)*)
}

/// The struct whose fields are the indexed ones.
fn fields_struct(of: &Ident, indexed: &[(&Field, Setting)]) -> TokenStream {
    let name = struct_name(of);
    let docs = format!("The indexed fields of `{of}`.");
    let fields = indexed.iter().map(|(field, setting)| {
        let Field { ident, name, visibility, .. } = field;
        let docs = format!("The field `{name}` in the index.");
        let ty = field_type(of, field, setting);
        quote!(#[doc = #docs] #visibility #ident: #ty)
    });
    quote! {
        #[doc = #docs]
        #[derive(Clone, Copy, Debug)]
        #[allow(dead_code, non_camel_case_types)]
        pub struct #name { #(#fields),* }
    }
}

fn field_type(of: &Ident, field: &Field, setting: &Setting) -> TokenStream {
    let kind = setting.kind.ty(&field.ty);
    let sorted = if setting.sortable { quote!(Sortable) } else { quote!(Unsortable) };
    quote!(__typedis::search::IndexedField<#of, #kind, __typedis::search::#sorted>)
}

fn trait_impl(of: &Ident, indexed: &[(&Field, Setting)]) -> TokenStream {
    let fields = struct_name(of);
    let values = indexed.iter().map(|(field, setting)| {
        let Field { ident, name, ty, .. } = field;
        let words = &setting.words;
        let field = field_type(of, field, setting);
        // The bound on the type of the value is reported at that type.
        quote_spanned!(ty.span() => #ident: <#field>::declared::<#ty>(#name, &[#(#words),*]))
    });
    let schema = indexed
        .iter()
        .map(|(Field { ident, .. }, _)| quote!(<#of as __typedis::search::SearchDocument>::FIELDS.#ident.schema()));
    quote! {
        impl __typedis::search::SearchDocument for #of {
            type Fields = #fields;
            const FIELDS: #fields = #fields { #(#values),* };
            const SCHEMA: &'static [__typedis::search::FieldSchema] = &[#(#schema),*];
        }
        #[diagnostic::do_not_recommend]
        impl __typedis::search::DocumentPart for #of {
            type Document = #of;
        }
    }
}

const WRONG_SEPARATOR: &str = "the type of this field stores its tags with another separator between them, `Tags` with a comma: leave out `separator`";

const NONE_INDEXED: &str =
    "no field of this struct is indexed: write `#[search(text)]`, `#[search(tag)]` or another kind before one";
