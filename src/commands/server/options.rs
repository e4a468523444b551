//! Options of the commands on the server.

use crate::{
    argument::{Argument, Arguments},
    command::flag::{AvailableSince, FlushAsync, FlushSync},
    resp::Writer,
};

/// Enums of which each variant is one word on the wire.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl Arguments for $name {
            type Item = Self;
            fn count(&self) -> usize {
                1
            }
            fn write_all(&self, out: &mut Writer) {
                match self {
                    $($name::$variant => $word.write(out),)+
                }
            }
        }
    )+};
}

/// How [`flushdb_with`](crate::ServerCommands::flushdb_with) and [`flushall_with`](crate::ServerCommands::flushall_with)
/// free the memory of the keys, which are gone at once either way: [`FlushAsync`], or [`FlushSync`] since 6.2.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no way to free the memory of removed keys",
    label = "expected `FlushAsync` or `FlushSync`",
    note = "both are in `typedis::option`"
)]
pub trait FlushMode<V>: Arguments {}
#[diagnostic::do_not_recommend]
impl<V> FlushMode<V> for FlushAsync {}
impl<V> FlushMode<V> for FlushSync where FlushSync: AvailableSince<V> {}

macro_rules! flush_modes {
    ($($name:ident = $word:literal;)*) => {$(
        impl Arguments for $name {
            type Item = Self;
            fn count(&self) -> usize {
                1
            }
            fn write_all(&self, out: &mut Writer) {
                $word.write(out);
            }
        }
    )*};
}

flush_modes! {
    FlushAsync = "ASYNC";
    FlushSync = "SYNC";
}

words! {
    /// What a connection that waits in a blocking command is told by
    /// [`client_unblock_with`](crate::ServerCommands::client_unblock_with).
    UnblockAs {
        /// That its time has run out (TIMEOUT).
        Timeout = "TIMEOUT",
        /// An error, `UNBLOCKED` (ERROR).
        Error = "ERROR",
    }

    /// Whether [`shutdown_with`](crate::ServerCommands::shutdown_with) saves the data, however the server is configured.
    ShutdownMode {
        /// It does, before the server ends (SAVE).
        Save = "SAVE",
        /// It does not: what was not saved is lost (NOSAVE).
        NoSave = "NOSAVE",
    }
}
