//! Options of the commands on the server.

use crate::{
    argument::Arguments,
    command::{
        flag::{AvailableSince, FlushAsync, FlushSync},
        option::{OptionField, WordSink, arguments, words},
    },
};

/// The mode in which [`flushdb_with`](crate::commands::ServerCommands::flushdb_with) and
/// [`flushall_with`](crate::commands::ServerCommands::flushall_with) free the memory of the keys: [`FlushAsync`], or
/// [`FlushSync`] since 6.2. The keys are removed at once either way.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no way to free the memory of removed keys",
    label = "expected `FlushAsync` or `FlushSync`",
    note = "both are in `typedis::options::flag`"
)]
pub trait FlushMode<V>: Arguments {}
#[diagnostic::do_not_recommend]
impl<V> FlushMode<V> for FlushAsync {}
impl<V> FlushMode<V> for FlushSync where FlushSync: AvailableSince<V> {}

macro_rules! flush_modes {
    ($($flag:ident),*) => {$(
        impl OptionField for $flag {
            fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
                out.word(word);
                out.argument($flag::WORD);
            }
        }
        arguments!([] $flag);
    )*};
}

flush_modes! { FlushAsync, FlushSync }

words! {
    /// The mode of [`shutdown_with`](crate::commands::ServerCommands::shutdown_with): with or without saving the data,
    /// whatever the server's configuration says.
    pub enum ShutdownMode {
        /// Saves the data before the shutdown (SAVE).
        Save = "SAVE",
        /// Shuts down without saving; unsaved changes are lost (NOSAVE).
        NoSave = "NOSAVE",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::option::encoded;

    #[test]
    fn modes_are_words() {
        assert_eq!(encoded(&FlushAsync), "ASYNC");
        assert_eq!(encoded(&FlushSync), "SYNC");
        assert_eq!(encoded(&ShutdownMode::Save), "SAVE");
        assert_eq!(encoded(&ShutdownMode::NoSave), "NOSAVE");
    }
}
