//! The derive of `HashFields`: a struct to a hash and back.

use crate::{crate_path::CratePath, errors::Errors};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use std::collections::HashSet;
use syn::{
    Attribute, Fields, GenericArgument, ItemStruct, LitStr, PathArguments, Type, Visibility,
    ext::IdentExt,
    parse::{Parse, ParseStream},
    spanned::Spanned,
};

pub(crate) struct Field {
    pub(crate) ident: Ident,
    /// The name of the field's constant.
    pub(crate) constant: Ident,
    /// A hygienic variable for the value, which no field's own name can shadow.
    pub(crate) local: Ident,
    pub(crate) visibility: Visibility,
    /// The name in the hash.
    pub(crate) name: String,
    /// The type of the value, without the `Option` of one that may be missing.
    pub(crate) ty: Type,
    optional: bool,
}

/// A derive whose structs are read here, as its errors name it.
pub(crate) struct Derived {
    pub(crate) name: &'static str,
    /// What one field of the struct is.
    pub(crate) field: &'static str,
    /// What the struct is.
    pub(crate) whole: &'static str,
}

impl Derived {
    fn not_a_struct(&self) -> String {
        let Derived { name, field, .. } = self;
        format!("`{name}` is derived for a struct with named fields, each of which is a {field}")
    }
}

pub(crate) const HASH: Derived = Derived { name: "HashFields", field: "field of the hash", whole: "hash" };

pub(crate) fn hash_fields(item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let implementations = match syn::parse2::<ItemStruct>(item.clone()) {
        Ok(item) => expand(&item, &mut errors),
        Err(_) => {
            errors.add_spanned(item, HASH.not_a_struct());
            None
        }
    };
    quote! { #errors #implementations }
}

fn expand(item: &ItemStruct, errors: &mut Errors) -> Option<TokenStream> {
    let crate_path = crate_path(&item.attrs, errors);
    let fields = read(item, &HASH, errors)?;
    Some(implementations(&item.ident, &fields, &crate_path))
}

/// Reads the fields of a struct that is a hash, or what else it is to the derive.
pub(crate) fn read(item: &ItemStruct, derived: &Derived, errors: &mut Errors) -> Option<Vec<Field>> {
    let Fields::Named(named) = &item.fields else {
        errors.add_spanned(&item.ident, derived.not_a_struct());
        return None;
    };
    let Derived { name: derive, whole, .. } = derived;
    if !item.generics.params.is_empty() {
        errors.add_spanned(
            &item.generics,
            format!("`{derive}` cannot be derived for a struct with generics: give its fields types of their own"),
        );
        return None;
    }
    if named.named.is_empty() {
        errors.add_spanned(&item.ident, format!("a {whole} has at least one field, and this struct has none"));
        return None;
    }
    let mut names = HashSet::new();
    let mut fields = Vec::new();
    for field in &named.named {
        let ident = field.ident.clone()?;
        let name = renamed(&field.attrs, errors).unwrap_or_else(|| ident.unraw().to_string());
        if !names.insert(name.clone()) {
            errors.add(ident.span(), format!("two fields have the name `{name}` in the {whole}"));
        }
        let inner = inside_option(&field.ty);
        let (optional, ty) = (inner.is_some(), inner.unwrap_or(&field.ty).clone());
        let constant = Ident::new(&ident.unraw().to_string().to_uppercase(), ident.span());
        let local = format_ident!("field{}", fields.len(), span = Span::mixed_site());
        fields.push(Field { ident, constant, local, visibility: field.vis.clone(), name, ty, optional });
    }
    Some(fields)
}

/// The path in `#[typedis(crate = company::typedis)]` on the struct.
pub(crate) fn crate_path(attributes: &[Attribute], errors: &mut Errors) -> CratePath {
    setting(attributes, "crate", OF_STRUCT, CratePath::parse, errors).unwrap_or_default()
}

/// The name in `#[typedis(rename = "name")]` on a field.
fn renamed(attributes: &[Attribute], errors: &mut Errors) -> Option<String> {
    let name: LitStr = setting(attributes, "rename", OF_FIELD, <LitStr as Parse>::parse, errors)?;
    Some(name.value())
}

/// The value of the one `setting` that `#[typedis(..)]` may have here. Any other is refused, and so is a second value.
fn setting<T>(
    attributes: &[Attribute],
    setting: &str,
    expected: &str,
    parse: fn(ParseStream<'_>) -> syn::Result<T>,
    errors: &mut Errors,
) -> Option<T> {
    let mut value = None;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("typedis")) {
        let read = attribute.parse_nested_meta(|meta| {
            if !meta.path.is_ident(setting) {
                return Err(meta.error(expected));
            }
            if value.is_some() {
                return Err(meta.error(format!("`{setting}` is given twice")));
            }
            value = Some(meta.value()?.call(parse)?);
            Ok(())
        });
        if let Err(error) = read {
            errors.push(error);
        }
    }
    value
}

/// The `T` of `Option<T>`, by its name, as other derives do it.
fn inside_option(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|segment| segment.ident == "Option")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first()? {
        GenericArgument::Type(inner) => Some(inner),
        _ => None,
    }
}

/// All items, in a block of their own that imports `__typedis`.
fn implementations(of: &Ident, fields: &[Field], crate_path: &CratePath) -> TokenStream {
    let import = crate_path.import();
    let items = [constants(of, fields), trait_impl(of, fields), command_impls(of)];
    quote!(const _: () = { #import #(#items)* };)
}

/// Constants such as `Account::BALANCE`.
fn constants(of: &Ident, fields: &[Field]) -> TokenStream {
    let constants = fields.iter().map(|Field { constant, visibility, name, ty, .. }| {
        let docs = format!("The field `{name}` of the hash.");
        let value = quote_spanned!(ty.span() => __typedis::Field::<#of, #ty>::new(#name));
        quote! {
            #[doc = #docs]
            #[allow(dead_code)]
            #visibility const #constant: __typedis::Field<#of, #ty> = #value;
        }
    });
    quote!(impl #of { #(#constants)* })
}

/// The implementation of `HashFields`.
fn trait_impl(of: &Ident, fields: &[Field]) -> TokenStream {
    let names = fields.iter().map(|field| &field.name);
    let locals = fields.iter().map(
        |Field { local, ty, .. }| quote!(let mut #local: ::core::option::Option<#ty> = ::core::option::Option::None;),
    );
    let reads = fields
        .iter()
        .enumerate()
        .map(|(index, Field { constant, local, .. })| quote!(#index => #local = fields.value(#of::#constant)?));
    let values = fields.iter().map(|field| value(of, field));
    let counts = fields.iter().map(count);
    let writes = fields.iter().map(|field| write(of, field));
    quote! {
        impl __typedis::HashFields for #of {
            const NAMES: &'static [&'static str] = &[#(#names),*];

            fn collect(
                fields: &mut __typedis::FieldReader<'_, '_>,
            ) -> ::core::result::Result<Self, __typedis::DecodeError> {
                #(#locals)*
                while let ::core::option::Option::Some(index) = fields.next_known()? {
                    match index {
                        #(#reads,)*
                        _ => {}
                    }
                }
                ::core::result::Result::Ok(#of { #(#values),* })
            }
            fn count_fields(&self) -> usize {
                0 #(+ #counts)*
            }
            fn write_fields(&self, out: &mut __typedis::Writer) {
                #(#writes)*
            }
        }
    }
}

fn value(of: &Ident, Field { ident, constant, local, optional, .. }: &Field) -> TokenStream {
    let name = of.to_string();
    if *optional { quote!(#ident: #local) } else { quote!(#ident: fields.required(#local, #of::#constant, #name)?) }
}

fn count(Field { ident, optional, .. }: &Field) -> TokenStream {
    if *optional { quote!(usize::from(self.#ident.is_some())) } else { quote!(1) }
}

fn write(of: &Ident, Field { ident, constant, optional, .. }: &Field) -> TokenStream {
    if *optional {
        quote! {
            if let ::core::option::Option::Some(value) = &self.#ident {
                #of::#constant.write_with(value, out);
            }
        }
    } else {
        quote!(#of::#constant.write_with(&self.#ident, out);)
    }
}

/// The traits that commands ask of their arguments and replies: the struct is read from replies, written as pairs, and the
/// value of a declared hash.
fn command_impls(of: &Ident) -> TokenStream {
    let shapes = quote!(__typedis::shapes);
    quote! {
        #[diagnostic::do_not_recommend]
        impl __typedis::FromReply<#shapes::Map<#shapes::Bulk, #shapes::Bulk>> for #of {
            fn read(reader: &mut __typedis::Reader<'_>) -> ::core::result::Result<Self, __typedis::DecodeError> {
                __typedis::from_map(reader)
            }
        }
        #[diagnostic::do_not_recommend]
        impl __typedis::FromReply<#shapes::Any> for #of {
            fn read(reader: &mut __typedis::Reader<'_>) -> ::core::result::Result<Self, __typedis::DecodeError> {
                __typedis::from_map(reader)
            }
        }
        #[diagnostic::do_not_recommend]
        impl __typedis::FromReply<#shapes::Array<#shapes::Nullable<#shapes::Bulk>>> for #of {
            fn read(reader: &mut __typedis::Reader<'_>) -> ::core::result::Result<Self, __typedis::DecodeError> {
                __typedis::from_array(reader)
            }
        }
        #[diagnostic::do_not_recommend]
        impl __typedis::Entries for #of {
            type First = &'static str;
            type Second = __typedis::ValuesOf<#of>;
            fn count(&self) -> usize {
                __typedis::HashFields::count_fields(self)
            }
            fn write_all(&self, out: &mut __typedis::Writer) {
                __typedis::write_fields(self, out)
            }
        }
        #[diagnostic::do_not_recommend]
        impl __typedis::HashValue for #of {
            type Field = ::std::string::String;
            type Value = __typedis::ValuesOf<#of>;
        }
    }
}

const OF_STRUCT: &str =
    "expected `crate = path::to::typedis`, the only setting of a struct; `rename = \"name\"` stands on a field";

const OF_FIELD: &str =
    "expected `rename = \"name\"`, the only setting of a field; `crate = path::to::typedis` stands on the struct";

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn says(item: &str, messages: &[&str]) {
        let mut errors = Errors::default();
        expand(&syn::parse_str(item).unwrap(), &mut errors);
        assert_eq!(errors.messages(), messages, "{item}");
    }

    #[test]
    fn an_attribute_has_the_one_setting_that_its_place_allows() {
        says("#[typedis(crate = company::typedis)] struct A { #[typedis(rename = \"c\")] b: u8 }", &[]);
        for unknown in ["rename = \"B\"", "foo", "foo = 1", "foo(bar)", "crate = company, foo"] {
            says(&format!("#[typedis({unknown})] struct A {{ b: u8 }}"), &[OF_STRUCT]);
        }
        for unknown in ["crate = company", "foo", "foo = 1", "rename = \"c\", skip"] {
            says(&format!("struct A {{ #[typedis({unknown})] b: u8 }}"), &[OF_FIELD]);
        }
        says("#[typedis(foo)] struct A { #[typedis(foo)] b: u8 }", &[OF_STRUCT, OF_FIELD]);
        says("#[typedis(crate = a, crate = b)] struct A { b: u8 }", &["`crate` is given twice"]);
        says("struct A { #[typedis(rename = \"c\")] #[typedis(rename = \"d\")] b: u8 }", &["`rename` is given twice"]);
        says(
            "#[typedis(crate = \"company\")] struct A { b: u8 }",
            &["expected the path of typedis, such as `company::typedis`"],
        );
    }
}
