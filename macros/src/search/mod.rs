//! The derives for the module `search`: the schema of an index and its fields as typed values, a part of a document, and a row
//! of an aggregation.

mod document;
mod part;
mod row;
mod setting;

use crate::errors::Errors;
use proc_macro2::TokenStream;
use quote::quote;
use syn::ItemStruct;

/// The derive of `SearchDocument`.
pub(crate) fn search_document(item: TokenStream) -> TokenStream {
    derived(item, "SearchDocument", document::expand)
}

/// The derive of `DocumentPart`.
pub(crate) fn document_part(item: TokenStream) -> TokenStream {
    derived(item, "DocumentPart", part::expand)
}

/// The derive of `SearchRow`.
pub(crate) fn search_row(item: TokenStream) -> TokenStream {
    derived(item, "SearchRow", row::expand)
}

fn derived(
    item: TokenStream,
    derive: &str,
    expand: fn(&ItemStruct, &mut Errors) -> Option<TokenStream>,
) -> TokenStream {
    let mut errors = Errors::default();
    let implementations = match syn::parse2::<ItemStruct>(item.clone()) {
        Ok(item) => expand(&item, &mut errors),
        Err(_) => {
            errors.add_spanned(item, format!("`{derive}` is derived for a struct with named fields"));
            None
        }
    };
    quote! { #errors #implementations }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn says(expand: fn(&ItemStruct, &mut Errors) -> Option<TokenStream>, item: &str, messages: &[&str]) {
        let mut errors = Errors::default();
        expand(&syn::parse_str(item).unwrap(), &mut errors);
        let told = errors.messages();
        assert_eq!(told.len(), messages.len(), "{item}: {told:?}");
        for (told, message) in told.iter().zip(messages) {
            assert!(told.contains(message), "{item}: {told}");
        }
    }

    #[test]
    fn a_field_is_of_one_kind_and_has_the_settings_of_that_kind() {
        let field = |settings: &str| format!("struct A {{ #[search({settings})] b: X }}");
        for right in [
            "text",
            "text(weight = 2.5, nostem, phonetic = \"dm:en\"), sortable",
            "tag(separator = ';', casesensitive), sortable(unf), noindex",
            "numeric, sortable",
            "geo",
            "vector(flat, cosine)",
            "vector(hnsw, l2, m = 16, ef_construction = 200, ef_runtime = 10)",
        ] {
            says(document::expand, &field(right), &[]);
        }
        for (wrong, message) in [
            ("txt", "expected the kind of the field"),
            ("text, tag", "the field has a kind already"),
            ("sortable", "say the kind of the field"),
            ("text(separator = ';')", "no setting of this kind"),
            ("numeric(weight = 2.0)", "no setting of this kind"),
            ("tag(separator = \";\")", "expected character literal"),
            ("tag(separator = 'ü')", "a separator is one ASCII character"),
            ("vector", "say the algorithm and the metric"),
            ("vector(flat)", "say the algorithm and the metric"),
            ("vector(flat, l2, m = 16)", "is of `hnsw`"),
            ("geo, sortable", "no field of this kind is sortable"),
            ("vector(flat, l2), sortable", "no field of this kind is sortable"),
            ("numeric, sortable(fast)", "expected `unf`"),
        ] {
            says(document::expand, &field(wrong), &[message]);
        }
        says(document::expand, "struct A { b: String }", &["no field of this struct is indexed"]);
    }

    #[test]
    fn a_row_is_named_by_its_own_derive() {
        says(row::expand, "struct A<T> { b: T }", &["`SearchRow` cannot be derived for a struct with generics"]);
        says(row::expand, "struct A(u8);", &["`SearchRow` is derived for a struct with named fields"]);
        says(row::expand, "struct A {}", &["a row has at least one field"]);
        let twice = "struct A { b: u8, #[typedis(rename = \"b\")] c: u8 }";
        says(row::expand, twice, &["two fields have the name `b` in the row"]);
    }

    #[test]
    fn a_generated_field_is_as_visible_as_that_of_the_struct() {
        for expand in [document::expand, row::expand] {
            let item =
                "pub struct A { #[search(text)] b: X, #[search(text)] pub(super) c: X, #[search(text)] pub d: X }";
            let expanded = expand(&syn::parse_str(item).unwrap(), &mut Errors::default()).unwrap().to_string();
            let generated = expanded.split("pub struct").nth(1).unwrap();
            let visible = ["b", "c", "d"].map(|field| {
                let (before, _) = generated.split_once(&format!(" {field} : __typedis")).unwrap();
                before.rsplit(']').next().unwrap().trim()
            });
            assert_eq!(visible, ["", "pub (super)", "pub"]);
        }
    }

    #[test]
    fn a_part_names_its_document() {
        says(part::expand, "#[search(of = Product)] struct A { name: String, #[search(computed)] distance: f64 }", &[]);
        says(part::expand, "struct A { name: String }", &["say which document it is a part of"]);
        says(part::expand, "#[search(for = Product)] struct A { name: String }", &["expected `of = Document`"]);
        says(
            part::expand,
            "#[search(of = Product)] struct A { #[search(text)] name: String }",
            &["expected `computed`"],
        );
    }
}
