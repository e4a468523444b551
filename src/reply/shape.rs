//! Names for the shapes of replies. They hold nothing; they are the parameter of [`FromReply`](crate::FromReply).

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
    /// A word of the server, such as `OK`.
    Status;
    /// An integer of 64 bits.
    Integer;
    /// A floating-point number: a double in RESP3, a string in RESP2.
    Double;
    /// Yes or no: 1 or 0.
    Flag;
    /// An `S`, or the server's null.
    Nullable<S>;
    /// Any number of `S`, in an array or a set.
    Array<S>;
    /// Keys and values: a map in RESP3, keys and values in turn in RESP2.
    Map<K, V>;
    /// Pairs, one after the other in RESP2 and each in an array of its own in RESP3.
    Pairs<A, B>;
    /// An array of a fixed number of elements, each with a shape of its own.
    Tuple<T>;
    /// Whatever the server answers.
    Any;
}
