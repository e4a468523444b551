//! The shapes of replies on the wire, as types: the parameter of [`FromReply`](crate::reply::FromReply).

use std::marker::PhantomData;

macro_rules! shapes {
    ($($(#[$doc:meta])* $name:ident $(<$($param:ident),+>)?;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name $(<$($param),+>)? ($(PhantomData<fn() -> ($($param,)+)>)?);
    )*};
}

shapes! {
    /// A string of bytes.
    Bulk;
    /// A simple string, such as `OK`.
    Status;
    /// An integer of 64 bits.
    Integer;
    /// A position as an integer, or -1 where there is none: the reply of BITPOS.
    Offset;
    /// A floating-point number: a double in RESP3, a string in RESP2.
    Double;
    /// A truth value, as the integer 1 or 0.
    Flag;
    /// An `S`, or the server's null.
    Nullable<S>;
    /// Any number of `S`, in an array or a set.
    Array<S>;
    /// An array of exactly one `S`, which is read as its element.
    Single<S>;
    /// Keys and values: a map in RESP3, keys and values in turn in RESP2. Some commands have them in turn in RESP3 too, which
    /// is read as well: HSCAN, PUBSUB NUMSUB, and the fields of streams' entries.
    Map<K, V>;
    /// Pairs, one after the other in RESP2 and each in an array of its own in RESP3. A map is read as well.
    Pairs<A, B>;
    /// An `A` with a `B` and a `C` for each: in a map of arrays in RESP3, one after the other in RESP2.
    Triples<A, B, C>;
    /// An array of a fixed number of elements, each with a shape of its own.
    Tuple<T>;
    /// The name of a type, or `none`: the reply of TYPE.
    TypeName;
    /// Several values for each element, flat in one array: the reply of SORT with several GET.
    SortRows;
    /// An `S`, or an error of the server in its place, as in a reply with a result for each item.
    Fallible<S>;
    /// A reply of any shape.
    Any;
}
