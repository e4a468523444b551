//! Options of the commands on commands.

use crate::command::option::{OptionField, WordSink, arguments};

/// The commands that COMMAND LIST returns, for
/// [`command_list_by`](crate::commands::IntrospectionCommands::command_list_by).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandFilter<'a> {
    /// Those of the module with this name (FILTERBY MODULE).
    Module(&'a str),
    /// Those of this category of ACL, such as `read` (FILTERBY ACLCAT).
    AclCategory(&'a str),
    /// Those whose names match this glob-style pattern (FILTERBY PATTERN).
    Pattern(&'a str),
}

impl OptionField for CommandFilter<'_> {
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        let (by, value) = match self {
            CommandFilter::Module(name) => ("MODULE", name),
            CommandFilter::AclCategory(name) => ("ACLCAT", name),
            CommandFilter::Pattern(pattern) => ("PATTERN", pattern),
        };
        out.word(word);
        out.argument("FILTERBY");
        out.argument(by);
        out.argument(*value);
    }
}
arguments!(['a] CommandFilter<'a>);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::option::encoded;

    #[test]
    fn filters_are_their_words() {
        assert_eq!(encoded(&CommandFilter::Module("m")), "FILTERBY MODULE m");
        assert_eq!(encoded(&CommandFilter::AclCategory("read")), "FILTERBY ACLCAT read");
        assert_eq!(encoded(&CommandFilter::Pattern("x*")), "FILTERBY PATTERN x*");
    }
}
