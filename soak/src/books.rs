//! What was told of every transfer, to be compared with the server's ledger.

use std::collections::HashMap;

use crate::claim::Claim;

/// What was told of all transfers, by who made them: the n-th of `who` has the id `who:n`.
#[derive(Debug, Default)]
pub struct Books(HashMap<String, Vec<Claim>>);

impl Books {
    /// Adds what was told to `who`.
    pub fn add(&mut self, who: String, claims: Vec<Claim>) {
        self.0.insert(who, claims);
    }

    /// The id of a transfer.
    pub fn id(who: &str, number: usize) -> String {
        format!("{who}:{number}")
    }

    /// Compares the ledger, pairs of an id and how often it ran, with what was told. Returns a line of figures.
    pub fn audit(&self, ledger: impl Iterator<Item = (String, String)>, wrong: &mut Vec<String>) -> String {
        let mut unseen = self.0.clone();
        let mut lines = 0usize;
        let mut surfaced = 0usize;
        for (id, times) in ledger {
            lines += 1;
            if times != "1" {
                wrong.push(format!("transfer {id} ran {times} times"));
            }
            let Some(claim) = entry(&mut unseen, &id) else {
                wrong.push(format!("transfer {id} ran, and nobody asked for it"));
                continue;
            };
            match claim {
                Claim::DidNot => wrong.push(format!("transfer {id} ran, and the caller was told that it did not")),
                Claim::Unknown => surfaced += 1,
                Claim::Ran => {}
            }
            // Only what is missing stays told as run.
            *claim = Claim::DidNot;
        }
        let mut unknown = surfaced;
        for (who, claims) in &unseen {
            for (number, claim) in claims.iter().enumerate() {
                match claim {
                    Claim::Ran => wrong.push(format!("transfer {who}:{number} was told to have run, and did not")),
                    Claim::Unknown => unknown += 1,
                    Claim::DidNot => {}
                }
            }
        }
        let acknowledged = self.0.values().flatten().filter(|claim| **claim == Claim::Ran).count();
        format!(
            "{acknowledged} transfers acknowledged, {unknown} unknown of which {surfaced} ran, {lines} in the ledger"
        )
    }
}

fn entry<'a>(books: &'a mut HashMap<String, Vec<Claim>>, id: &str) -> Option<&'a mut Claim> {
    let (who, number) = id.rsplit_once(':')?;
    books.get_mut(who)?.get_mut(number.parse::<usize>().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(ledger: &[(&str, &str)]) -> Vec<String> {
        let mut books = Books::default();
        books.add("a".into(), vec![Claim::Ran, Claim::DidNot, Claim::Unknown]);
        let mut wrong = Vec::new();
        books.audit(ledger.iter().map(|(id, times)| (id.to_string(), times.to_string())), &mut wrong);
        wrong
    }

    #[test]
    fn what_was_told_and_what_ran_are_compared_both_ways() {
        assert_eq!(wrong(&[("a:0", "1")]), [""; 0]);
        assert_eq!(wrong(&[("a:0", "1"), ("a:2", "1")]), [""; 0]);
        assert!(wrong(&[("a:0", "2")])[0].contains("a:0 ran 2 times"));
        assert!(wrong(&[("a:0", "1"), ("a:1", "1")])[0].contains("a:1 ran, and the caller was told that it did not"));
        assert!(wrong(&[])[0].contains("a:0 was told to have run"));
        assert!(wrong(&[("a:0", "1"), ("a:3", "1")])[0].contains("nobody asked"));
    }
}
