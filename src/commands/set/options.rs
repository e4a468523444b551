//! Options of the commands on sets.

use crate::command::option::options;

options! {
    /// Options of SUNIONCARD, for [`sunioncard_with`](crate::commands::SetCommands::sunioncard_with).
    #[derive(Clone, Copy, Debug)]
    pub struct SunioncardOptions with new {
        approx: bool = "APPROX",
        limit: Option<u64> = "LIMIT",
    }
}

impl SunioncardOptions {
    /// Estimates the number, which takes less time for large sets (APPROX).
    pub const fn approx(self) -> Self {
        SunioncardOptions { approx: true, ..self }
    }

    /// Counts up to `members` members (LIMIT); 0 is no limit.
    pub const fn limit(self, members: u64) -> Self {
        SunioncardOptions { limit: Some(members), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::option::encoded;

    #[test]
    fn options_of_sunioncard_are_its_words() {
        assert_eq!(encoded(&SunioncardOptions::new()), "");
        assert_eq!(encoded(&SunioncardOptions::default().limit(3).approx()), "APPROX LIMIT 3");
    }
}
