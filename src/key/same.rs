//! Commands on two keys, of which one must hold what the other does.

use super::{AnySet, Hash, List, Satisfies, Set, Sortable, SortedSet, Str};
use std::marker::PhantomData;

/// The kind of a plain key: whatever it holds.
#[derive(Debug)]
pub struct Untyped;

/// Of a command that copies or renames: both keys are of the same kind. `K` is the other key's.
#[derive(Debug)]
pub struct SameAs<K>(PhantomData<fn() -> K>);

/// Of a command that stores what it reads: the elements are those of the destination, which is a `K`.
#[derive(Debug)]
pub struct ElementsOf<K>(PhantomData<fn() -> K>);

macro_rules! same {
    ($($kind:ident),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<T> Satisfies<SameAs<$kind<T>>> for $kind<T> {}
        #[diagnostic::do_not_recommend]
        impl<T> Satisfies<SameAs<Untyped>> for $kind<T> {}
    )*};
}
same! { Str, List, Set, SortedSet, Hash }

// Of whatever kind the destination is: whether it is the result's is asked of the destination itself.
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
