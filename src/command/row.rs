//! What the table says of a command, as data.

/// The facts of one form of a command, as the table states them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Row {
    /// The command's name on the wire, such as `OBJECT ENCODING`.
    pub name: &'static str,
    /// The method that sends it.
    pub method: &'static str,
    /// The first version of Redis that has the command, or the options that this form always sends.
    pub since: &'static str,
    /// The number of its words and arguments as the server counts them; below zero where that is the least.
    pub arity: i8,
    /// Whether the command may write.
    pub access: Access,
    /// What the command leaves at its keys.
    pub leaves: Leaves,
    /// What becomes of the command inside MULTI.
    pub multi: Multi,
    /// Which connections the command may be sent on.
    pub connection: Connection,
}

impl Row {
    /// For the rows of [`commands!`](crate::commands).
    #[doc(hidden)]
    #[allow(clippy::too_many_arguments)]
    pub const fn new(
        name: &'static str,
        method: &'static str,
        since: &'static str,
        arity: i8,
        access: Access,
        leaves: Leaves,
        multi: Multi,
        connection: Connection,
    ) -> Self {
        Row { name, method, since, arity, access, leaves, multi, connection }
    }
}

/// Whether a command may write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(non_camel_case_types)]
pub enum Access {
    /// It only reads.
    reads,
    /// It may write.
    writes,
}

/// What a command that succeeds leaves at its keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(non_camel_case_types)]
pub enum Leaves {
    /// Whatever was there: the command creates and removes nothing.
    same,
    /// A value of the kind that the row names: the key surely exists.
    exists,
    /// A value of the kind that the row names, whatever the key held before.
    replaced,
    /// The kind that the row names, or nothing: the command may remove the key.
    maybe,
    /// Anything, at any key.
    anything,
}

/// What becomes of a command inside MULTI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(non_camel_case_types)]
pub enum Multi {
    /// It runs as it does outside.
    yes,
    /// It runs without what it is for, such as blocking.
    degrades,
    /// It must not be there.
    refused,
}

/// Which connections a command may be sent on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(non_camel_case_types)]
pub enum Connection {
    /// Any.
    any,
    /// One that nobody else uses meanwhile, because the command blocks it.
    own,
    /// None: the command changes the connection itself.
    never,
}
