//! The tuples that are several arguments.

/// Calls the macro `$callback` with the lengths of tuples: each with the type and the position of every element.
macro_rules! for_each_tuple {
    ($callback:ident) => {
        $callback! {
            A 0;
            A 0, B 1;
            A 0, B 1, C 2;
            A 0, B 1, C 2, D 3;
            A 0, B 1, C 2, D 3, E 4;
            A 0, B 1, C 2, D 3, E 4, F 5;
            A 0, B 1, C 2, D 3, E 4, F 5, G 6;
            A 0, B 1, C 2, D 3, E 4, F 5, G 6, I 7;
        }
    };
}
pub(crate) use for_each_tuple;
