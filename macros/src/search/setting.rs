//! The settings in `#[search(..)]` on a field: its kind in the index, and the words of its schema.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{Attribute, LitChar, LitFloat, LitInt, LitStr, meta::ParseNestedMeta, spanned::Spanned};

/// The kind of an indexed field, as the type in typedis and as the server's word.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Tag,
    Numeric,
    Geo,
    Vector,
}

impl Kind {
    fn of(word: &str) -> Option<Kind> {
        Some(match word {
            "text" => Kind::Text,
            "tag" => Kind::Tag,
            "numeric" => Kind::Numeric,
            "geo" => Kind::Geo,
            "vector" => Kind::Vector,
            _ => return None,
        })
    }

    fn word(self) -> &'static str {
        match self {
            Kind::Text => "TEXT",
            Kind::Tag => "TAG",
            Kind::Numeric => "NUMERIC",
            Kind::Geo => "GEO",
            Kind::Vector => "VECTOR",
        }
    }

    /// The type of the kind, for a field with values of the type `value`.
    pub(super) fn ty(self, value: &impl ToTokens) -> TokenStream {
        match self {
            Kind::Text => quote!(__typedis::search::Text),
            Kind::Tag => quote!(__typedis::search::Tag<#value>),
            Kind::Numeric => quote!(__typedis::search::Numeric<#value>),
            Kind::Geo => quote!(__typedis::search::Geo),
            Kind::Vector => quote!(__typedis::search::Vectors<#value>),
        }
    }

    fn is_sortable(self) -> bool {
        matches!(self, Kind::Text | Kind::Tag | Kind::Numeric)
    }
}

/// The settings of one field.
pub(super) struct Setting {
    pub(super) kind: Kind,
    pub(super) sortable: bool,
    /// The words of the schema behind the field's name, as `SchemaWord`s.
    pub(super) words: Vec<TokenStream>,
    /// The separator of a tag field that declares one.
    pub(super) separator: Option<LitChar>,
}

/// Reads the settings of a field, of which one that is not indexed has none.
pub(super) fn of_field(attributes: &[Attribute], value: &impl ToTokens) -> syn::Result<Option<Setting>> {
    let mut draft = Draft::default();
    let mut span = None;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("search")) {
        span = Some(attribute.span());
        attribute.parse_nested_meta(|meta| draft.read(&meta, value))?;
    }
    let Some(span) = span else { return Ok(None) };
    let Some((kind, kind_span)) = draft.kind else { return Err(syn::Error::new(span, NO_KIND)) };
    if draft.sortable && !kind.is_sortable() {
        return Err(syn::Error::new(kind_span, "no field of this kind is sortable; text, tags and numbers are"));
    }
    let words = draft.words.into_iter().chain(draft.general).collect();
    Ok(Some(Setting { kind, sortable: draft.sortable, words, separator: draft.separator }))
}

/// What was read of a field's settings.
#[derive(Default)]
struct Draft {
    kind: Option<(Kind, Span)>,
    sortable: bool,
    words: Vec<TokenStream>,
    /// The words of settings that every kind has, which stand behind those of the kind.
    general: Vec<TokenStream>,
    separator: Option<LitChar>,
}

impl Draft {
    fn read(&mut self, meta: &ParseNestedMeta<'_>, value: &impl ToTokens) -> syn::Result<()> {
        let name = meta.path.get_ident().map(Ident::to_string).unwrap_or_default();
        if let Some(kind) = Kind::of(&name) {
            if self.kind.is_some() {
                return Err(meta.error("the field has a kind already"));
            }
            self.kind = Some((kind, meta.path.span()));
            return self.read_kind(kind, meta, value);
        }
        match name.as_str() {
            "sortable" => {
                self.sortable = true;
                self.general.push(word("SORTABLE"));
                if meta.input.peek(syn::token::Paren) {
                    meta.parse_nested_meta(|inner| {
                        if !inner.path.is_ident("unf") {
                            return Err(inner.error("expected `unf`: sorted by the text as it is"));
                        }
                        self.general.push(word("UNF"));
                        Ok(())
                    })?;
                }
            }
            "noindex" => self.general.push(word("NOINDEX")),
            "indexmissing" => self.general.insert(0, word("INDEXMISSING")),
            "indexempty" => self.general.insert(0, word("INDEXEMPTY")),
            _ => return Err(meta.error(EXPECTED)),
        }
        Ok(())
    }

    fn read_kind(&mut self, kind: Kind, meta: &ParseNestedMeta<'_>, value: &impl ToTokens) -> syn::Result<()> {
        self.words.push(word(kind.word()));
        let mut vector = VectorDraft::default();
        if meta.input.peek(syn::token::Paren) {
            meta.parse_nested_meta(|inner| {
                let name = inner.path.get_ident().map(Ident::to_string).unwrap_or_default();
                match kind {
                    Kind::Text => self.read_text(&name, &inner),
                    Kind::Tag => self.read_tag(&name, &inner),
                    Kind::Vector => vector.read(&name, &inner),
                    Kind::Numeric | Kind::Geo => Err(inner.error(NO_SUCH_SETTING)),
                }
            })?;
        }
        if kind == Kind::Vector {
            self.words.extend(vector.words(meta.path.span(), value)?);
        }
        Ok(())
    }

    fn read_text(&mut self, name: &str, meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
        match name {
            "weight" => {
                let weight: LitFloat = meta.value()?.parse()?;
                self.words.extend([word("WEIGHT"), word(weight.base10_digits())]);
            }
            "nostem" => self.words.push(word("NOSTEM")),
            "phonetic" => {
                let matcher: LitStr = meta.value()?.parse()?;
                self.words.extend([word("PHONETIC"), word(&matcher.value())]);
            }
            "withsuffixtrie" => self.words.push(word("WITHSUFFIXTRIE")),
            _ => return Err(meta.error(NO_SUCH_SETTING)),
        }
        Ok(())
    }

    fn read_tag(&mut self, name: &str, meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
        match name {
            "separator" => {
                let separator: LitChar = meta.value()?.parse()?;
                if !separator.value().is_ascii() || separator.value() == '\0' {
                    return Err(syn::Error::new(separator.span(), "a separator is one ASCII character"));
                }
                self.words.extend([word("SEPARATOR"), word(&separator.value().to_string())]);
                self.separator = Some(separator);
            }
            "casesensitive" => self.words.push(word("CASESENSITIVE")),
            "withsuffixtrie" => self.words.push(word("WITHSUFFIXTRIE")),
            _ => return Err(meta.error(NO_SUCH_SETTING)),
        }
        Ok(())
    }
}

/// What was read of a vector's settings.
#[derive(Default)]
struct VectorDraft {
    algorithm: Option<&'static str>,
    metric: Option<&'static str>,
    attributes: Vec<(&'static str, LitInt)>,
}

impl VectorDraft {
    fn read(&mut self, name: &str, meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
        match name {
            "flat" => self.algorithm = Some("FLAT"),
            "hnsw" => self.algorithm = Some("HNSW"),
            "l2" => self.metric = Some("L2"),
            "ip" => self.metric = Some("IP"),
            "cosine" => self.metric = Some("COSINE"),
            "m" => self.attributes.push(("M", meta.value()?.parse()?)),
            "ef_construction" => self.attributes.push(("EF_CONSTRUCTION", meta.value()?.parse()?)),
            "ef_runtime" => self.attributes.push(("EF_RUNTIME", meta.value()?.parse()?)),
            _ => return Err(meta.error(NO_SUCH_SETTING)),
        }
        Ok(())
    }

    /// The words behind VECTOR: the algorithm, and its attributes behind their number.
    fn words(self, span: Span, value: &impl ToTokens) -> syn::Result<Vec<TokenStream>> {
        let (Some(algorithm), Some(metric)) = (self.algorithm, self.metric) else {
            return Err(syn::Error::new(span, NO_METRIC));
        };
        if let Some((_, number)) = self.attributes.first().filter(|_| algorithm == "FLAT") {
            return Err(syn::Error::new(number.span(), "this setting is of `hnsw`"));
        }
        let count = u64::try_from(6 + 2 * self.attributes.len()).unwrap_or_default();
        let dimension = quote!(<#value as __typedis::search::VectorValue>::DIMENSION);
        let mut words = vec![word(algorithm), number(&count), word("TYPE")];
        words.push(quote!(__typedis::search::SchemaWord::Text(<#value as __typedis::search::VectorValue>::TYPE)));
        words.extend([word("DIM"), number(&dimension), word("DISTANCE_METRIC"), word(metric)]);
        words.extend(self.attributes.iter().flat_map(|(name, value)| [word(name), number(value)]));
        Ok(words)
    }
}

fn word(text: &str) -> TokenStream {
    quote!(__typedis::search::SchemaWord::Text(#text))
}

fn number(number: &impl ToTokens) -> TokenStream {
    quote!(__typedis::search::SchemaWord::Number(#number))
}

const EXPECTED: &str = "expected the kind of the field, `text`, `tag`, `numeric`, `geo` or `vector(..)`, or `sortable`, `noindex`, `indexmissing`, `indexempty`";

const NO_KIND: &str = "say the kind of the field: `text`, `tag`, `numeric`, `geo` or `vector(..)`";

const NO_SUCH_SETTING: &str = "no setting of this kind of field; `text` has `weight`, `nostem`, `phonetic` and `withsuffixtrie`, `tag` has `separator`, `casesensitive` and `withsuffixtrie`, `vector` has its algorithm, its metric, and `m`, `ef_construction` and `ef_runtime`";

const NO_METRIC: &str =
    "say the algorithm and the metric: `vector(flat, cosine)`, with `flat` or `hnsw`, and `l2`, `ip` or `cosine`";
