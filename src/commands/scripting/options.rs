//! Options of the commands on libraries of functions.

use crate::command::option::{options, words};

options! {
    /// Options of FUNCTION LIST, for [`function_list_with`](crate::commands::ScriptCommands::function_list_with).
    #[derive(Clone, Copy, Debug)]
    pub struct FunctionListOptions<'a> with new {
        pattern: Option<&'a str> = "LIBRARYNAME",
        withcode: bool = "WITHCODE",
    }
}

impl<'a> FunctionListOptions<'a> {
    /// Only the libraries whose names match the glob-style `pattern` (LIBRARYNAME).
    pub const fn libraryname(pattern: &'a str) -> Self {
        FunctionListOptions { pattern: Some(pattern), ..FunctionListOptions::new() }
    }

    /// With the source of each library (WITHCODE).
    pub const fn withcode(self) -> Self {
        FunctionListOptions { withcode: true, ..self }
    }
}

words! {
    /// What becomes of the libraries that the server has, for
    /// [`function_restore_with`](crate::commands::ScriptCommands::function_restore_with).
    pub enum RestorePolicy {
        /// They stay, and a library of a name that is there is an error (APPEND), as without a policy.
        Keep = "APPEND",
        /// All are deleted before (FLUSH).
        Flush = "FLUSH",
        /// Those of the same names are replaced; a function of another library with the name of a new one is an error
        /// (REPLACE).
        Replace = "REPLACE",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::option::encoded;

    #[test]
    fn options_are_their_words() {
        assert_eq!(encoded(&FunctionListOptions::new()), "");
        assert_eq!(encoded(&FunctionListOptions::libraryname("s*").withcode()), "LIBRARYNAME s* WITHCODE");
        assert_eq!(encoded(&RestorePolicy::Keep), "APPEND");
        assert_eq!(encoded(&RestorePolicy::Flush), "FLUSH");
        assert_eq!(encoded(&RestorePolicy::Replace), "REPLACE");
    }
}
