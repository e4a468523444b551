//! The kinds that satisfy the needs of commands on two keys, of which one must hold what the other does.

use super::{
    kind::{Hash, List, Set, SortedSet, Str, Untyped},
    need::{AnySet, ElementsOf, SameAs, Sortable},
    satisfies::Satisfies,
};

macro_rules! same {
    ($($kind:ident),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<T> Satisfies<SameAs<$kind<T>>> for $kind<T> {}
        #[diagnostic::do_not_recommend]
        impl<T> Satisfies<SameAs<Untyped>> for $kind<T> {}
    )*};
}
same! { Str, List, Set, SortedSet, Hash }

// For every kind of the destination: the destination's own need says whether that kind can hold the result.
macro_rules! elements {
    ($($need:ident: $($kind:ident),+;)*) => {$($(
        #[diagnostic::do_not_recommend]
        impl<T> Satisfies<$need<ElementsOf<Untyped>>> for $kind<T> {}
        elements!(@from $need $kind: Str, List, Set, SortedSet, Hash);
    )+)*};
    (@from $need:ident $kind:ident: $($destination:ident),+) => {$(
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
