#![allow(unused)]
use std::marker::PhantomData;
use typedis::key::{Satisfies, Untyped, need::AnyKind};

pub struct Graph<T>(PhantomData<T>);
impl<T> Satisfies<Graph<T>> for Graph<T> {}

typedis::commands! {
    /// Commands that this application adds.
    pub trait OwnCommands in own;

    /// Counts things.
    fn count_things(key @ Graph<AnyKind>) -> Integer as i64 //~ ERROR `Graph` is no kind of key that a row can need; the kinds are Str, List, Set
    //~^ AT Graph
        = "THINGS.COUNT" as CountThings {
            since: redis "7.2.0", arity: 2, access: ReadOnly, effect: Preserves
        };
}

fn main() {}
