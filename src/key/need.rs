//! The needs of commands: the requirement of a row on the kind of its key.
//!
//! A need is a kind whose value is replaced by one of these types, such as `Str<Adds<i64>>`, or a type that several kinds
//! satisfy, such as `Sortable<Anything>`. [`Satisfies`](super::Satisfies) says which kinds satisfy which needs.

use std::marker::PhantomData;

/// The need of a command that takes a key of any kind, such as DEL.
#[derive(Debug)]
pub struct AnyKind;

/// The need of a command that reads a `T` from the key.
#[derive(Debug)]
pub struct Reads<T>(PhantomData<fn() -> T>);

/// The need of a command that writes a `V` to the key.
#[derive(Debug)]
pub struct Writes<V: ?Sized>(PhantomData<fn(&V)>);

/// The need of a command on a sorted set that writes the pairs `P` of scores and members.
#[derive(Debug)]
pub struct Scored<P>(PhantomData<fn() -> P>);

/// The need of a command that counts items: the first values of the pairs `P`.
#[cfg(feature = "bloom")]
#[derive(Debug)]
pub struct Counted<P>(PhantomData<fn() -> P>);

/// The need of a command of the module `search`: the name of an index over documents `D`, which is no key of a value but leads
/// to a node of a cluster as one does.
#[cfg(feature = "search")]
#[derive(Debug)]
pub struct IndexOf<D>(PhantomData<fn() -> D>);

/// The need of a command of the module `search` that takes the name of any index.
#[cfg(feature = "search")]
#[derive(Debug)]
pub struct AnyIndex;

/// The need of a command for which the type of the value does not matter, such as STRLEN.
#[derive(Debug)]
pub struct Anything;

/// The need of a command that adds an `N` to the value, which must be a number, such as INCR.
#[derive(Debug)]
pub struct Adds<N>(PhantomData<fn() -> N>);

/// The need of a command on a hash that reads the values of fields as `T`.
#[derive(Debug)]
pub struct Fields<T>(PhantomData<fn() -> T>);

/// The need of a command on a hash that reads the names of fields as `F`.
#[derive(Debug)]
pub struct FieldNames<F>(PhantomData<fn() -> F>);

/// The need of a command on a hash that reads the names of fields as `F`, and their values as `V`.
#[derive(Debug)]
pub struct FieldsWithValues<F, V>(PhantomData<fn() -> (F, V)>);

/// The need of a command on one field of a hash whose fields are those of the struct `S`.
#[derive(Debug)]
pub struct FieldsOf<S>(PhantomData<fn() -> S>);

/// The need of a command that sorts: a list, a set or a sorted set, whose elements are `V` as in `List<V>`.
#[derive(Debug)]
pub struct Sortable<V>(PhantomData<fn() -> V>);

/// The need of a command that takes sorted sets and sets alike, such as ZUNION; the members are `V` as in `Set<V>`.
#[derive(Debug)]
pub struct AnySet<V>(PhantomData<fn() -> V>);

/// The need of a command that copies or renames: both keys are of the same kind. `K` is the kind of the other key.
#[derive(Debug)]
pub struct SameAs<K>(PhantomData<fn() -> K>);

/// The need of a command that stores what it reads: the elements are those of the destination, whose kind is `K`.
#[derive(Debug)]
pub struct ElementsOf<K>(PhantomData<fn() -> K>);
