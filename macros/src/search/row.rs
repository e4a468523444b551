//! The derive of `SearchRow`: a row of an aggregation, read by the names of its columns.

use crate::{
    errors::Errors,
    hash_fields::{self, Derived, Field},
};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ItemStruct;

const ROW: Derived = Derived { name: "SearchRow", field: "column of the row", whole: "row" };

pub(super) fn expand(item: &ItemStruct, errors: &mut Errors) -> Option<TokenStream> {
    let fields = hash_fields::read(item, &ROW, errors)?;
    let crate_path = hash_fields::crate_path(&item.attrs, errors);
    let import = crate_path.import();
    let of = &item.ident;
    // No likely name of a type in the fields, which it would hide from them.
    let columns_name = format_ident!("__Typedis{of}Columns");
    let types: Vec<_> = item.fields.iter().map(|field| &field.ty).collect();
    let docs = format!("The columns of `{of}`.");
    let columns = fields.iter().zip(&types).map(|(Field { ident, name, visibility, .. }, ty)| {
        let docs = format!("The column `{name}`.");
        quote!(#[doc = #docs] #visibility #ident: __typedis::search::Column<#of, #ty>)
    });
    let values =
        fields.iter().map(|Field { ident, name, .. }| quote!(#ident: __typedis::search::Column::declared(#name)));
    let names = fields.iter().map(|Field { name, .. }| name);
    let locals: Vec<_> = fields.iter().map(|Field { local, .. }| local).collect();
    let arms = fields.iter().zip(&types).enumerate().map(|(index, (Field { local, name, .. }, ty))| {
        quote!(#index => #local = ::core::option::Option::Some(columns.value::<#ty>(#name)?))
    });
    let read = fields
        .iter()
        .zip(&types)
        .map(|(Field { ident, local, name, .. }, ty)| quote!(#ident: columns.required::<#ty>(#local, #name)?));
    Some(quote! {
        const _: () = {
            #import
            #[doc = #docs]
            #[derive(Clone, Copy, Debug)]
            #[allow(dead_code, non_camel_case_types)]
            pub struct #columns_name { #(#columns),* }

            impl __typedis::search::SearchRow for #of {
                type Columns = #columns_name;
                const COLUMNS: #columns_name = #columns_name { #(#values),* };
                const NAMES: &'static [&'static str] = &[#(#names),*];
                fn read_columns(
                    columns: &mut __typedis::search::ColumnReader<'_, '_>,
                ) -> ::core::result::Result<Self, __typedis::DecodeError> {
                    #(let mut #locals: ::core::option::Option<#types> = ::core::option::Option::None;)*
                    while let ::core::option::Option::Some(index) = columns.next_known(Self::NAMES)? {
                        match index {
                            #(#arms,)*
                            _ => {}
                        }
                    }
                    ::core::result::Result::Ok(#of { #(#read),* })
                }
            }
        };
    })
}
