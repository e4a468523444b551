//! Options of the commands on the server.

use crate::{
    argument::Arguments,
    command::{
        flag::{AvailableSince, FlushAsync, FlushSync},
        option::{OptionField, Repeated, WordSink, arguments, options, words},
    },
};
use std::marker::PhantomData;

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

options! {
    /// The settings and arguments of a module, for [`module_loadex`](crate::commands::ServerCommands::module_loadex).
    #[derive(Clone, Debug)]
    pub struct ModuleConfig<'a> {
        settings: Repeated<(&'a str, &'a str)> = "CONFIG",
        arguments: Option<Vec<&'a str>> = "ARGS",
    }
}

impl<'a> ModuleConfig<'a> {
    /// Makes a configuration without any setting.
    pub const fn new() -> Self {
        ModuleConfig { settings: Repeated(Vec::new()), arguments: None, given: PhantomData }
    }

    /// Sets one setting of the module (CONFIG).
    pub fn setting(mut self, name: &'a str, value: &'a str) -> Self {
        self.settings.0.push((name, value));
        self
    }

    /// Gives the module one argument more (ARGS).
    pub fn argument(mut self, argument: &'a str) -> Self {
        self.arguments.get_or_insert_default().push(argument);
        self
    }
}

impl Default for ModuleConfig<'_> {
    fn default() -> Self {
        Self::new()
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

    #[test]
    fn the_settings_of_a_module_are_its_words() {
        assert_eq!(encoded(&ModuleConfig::new()), "");
        let config = ModuleConfig::default().argument("x").setting("a", "1").argument("y").setting("b", "2");
        assert_eq!(encoded(&config), "CONFIG a 1 CONFIG b 2 ARGS x y");
    }
}
