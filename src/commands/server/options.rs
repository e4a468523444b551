//! Options of the commands on the server.

use crate::{
    argument::Arguments,
    command::{
        flag::{AvailableSince, FlushAsync, FlushSync, ShutdownNow, ShutdownSafe},
        option::{IsSet, IsUnset, OptionField, Repeated, Unset, WordSink, arguments, options},
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

options! {
    /// Options of SHUTDOWN, for [`shutdown_with`](crate::commands::ServerCommands::shutdown_with). Without any given the server does as
    /// its configuration says.
    #[derive(Clone, Copy, Debug)]
    pub struct ShutdownOptions<S = Unset, N = Unset> with new {
        save: Option<&'static str>,
        now: bool = ShutdownNow::WORD,
        force: bool = "FORCE",
        safe: bool = ShutdownSafe::WORD,
        failover: bool = "FAILOVER",
    }
}

impl<S: IsUnset, N> ShutdownOptions<S, N> {
    /// Saves the data before the shutdown (SAVE).
    pub fn save(self) -> ShutdownOptions<IsSet, N> {
        ShutdownOptions { save: Some("SAVE"), ..ShutdownOptions::retyped(self) }
    }

    /// Shuts down without saving; unsaved changes are lost (NOSAVE).
    pub fn nosave(self) -> ShutdownOptions<IsSet, N> {
        ShutdownOptions { save: Some("NOSAVE"), ..ShutdownOptions::retyped(self) }
    }
}

impl<S, N> ShutdownOptions<S, N> {
    /// Does not wait for replicas that lag behind (NOW, since 7.0).
    pub fn now(self) -> ShutdownOptions<S, (N, ShutdownNow)> {
        ShutdownOptions { now: true, ..ShutdownOptions::retyped(self) }
    }

    /// Shuts down also if the data cannot be saved (FORCE, since 7.0).
    pub fn force(self) -> ShutdownOptions<S, (N, ShutdownNow)> {
        ShutdownOptions { force: true, ..ShutdownOptions::retyped(self) }
    }

    /// Refuses to shut down where that is not safe, as of a node of a cluster that has slots (SAFE, on Valkey since 9.0).
    pub fn safe(self) -> ShutdownOptions<S, (N, ShutdownSafe)> {
        ShutdownOptions { safe: true, ..ShutdownOptions::retyped(self) }
    }

    /// Hands the slots of a node of a cluster over to a replica before (FAILOVER, on Valkey since 9.0).
    pub fn failover(self) -> ShutdownOptions<S, (N, ShutdownSafe)> {
        ShutdownOptions { failover: true, ..ShutdownOptions::retyped(self) }
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
    fn modes_and_options_are_words() {
        assert_eq!(encoded(&FlushAsync), "ASYNC");
        assert_eq!(encoded(&FlushSync), "SYNC");
        assert_eq!(encoded(&ShutdownOptions::new()), "");
        assert_eq!(encoded(&ShutdownOptions::default().force().save().now()), "SAVE NOW FORCE");
        assert_eq!(encoded(&ShutdownOptions::new().nosave().failover().safe()), "NOSAVE SAFE FAILOVER");
    }

    #[test]
    fn the_settings_of_a_module_are_its_words() {
        assert_eq!(encoded(&ModuleConfig::new()), "");
        let config = ModuleConfig::default().argument("x").setting("a", "1").argument("y").setting("b", "2");
        assert_eq!(encoded(&config), "CONFIG a 1 CONFIG b 2 ARGS x y");
    }
}
