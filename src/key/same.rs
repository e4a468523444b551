//! The kinds that satisfy the needs of commands on two keys, of which one must hold what the other does.

use super::{
    kind::{Array, Hash, List, Set, SortedSet, Str, Stream, Untyped, VectorSet, for_each_kind},
    need::{AnySet, ElementsOf, SameAs, Sortable},
    satisfies::Satisfies,
};

macro_rules! same {
    ($($kind:ident $type:ident $state:ident),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<T> Satisfies<SameAs<$kind<T>>> for $kind<T> {}
        #[diagnostic::do_not_recommend]
        impl<T> Satisfies<SameAs<Untyped>> for $kind<T> {}
    )*};
}
for_each_kind! { same }

// One impl for every kind of the destination: the destination's own need says whether that kind can hold the result.
macro_rules! elements {
    ($($need:ident: $($kind:ident),+;)*) => {$($(
        #[diagnostic::do_not_recommend]
        impl<T> Satisfies<$need<ElementsOf<Untyped>>> for $kind<T> {}
        for_each_kind! { elements @from $need $kind: }
    )+)*};
    (@from $need:ident $kind:ident: $($destination:ident $type:ident $state:ident),+) => {$(
        #[diagnostic::do_not_recommend]
        impl<T> Satisfies<$need<ElementsOf<$destination<T>>>> for $kind<T> {}
    )+};
}
elements! {
    Set: Set;
    SortedSet: SortedSet;
    AnySet: Set, SortedSet;
    Sortable: List, Set, SortedSet;
}
