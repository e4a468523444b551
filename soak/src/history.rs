//! The client's history of transfers or of marks, which the audit compares with the servers' ledger.

use crate::effect::Effect;
use std::collections::HashMap;
use typedis_testing::Frame;

/// The effects of all operations of a kind by task, in the order of the operations: number `n` of task `t` has the id `t:n`.
#[derive(Debug, Default)]
pub struct History(HashMap<String, Vec<Effect>>);

/// The operations of one task.
#[derive(Debug)]
pub struct TaskHistory {
    /// The task's name.
    pub task: String,
    /// The effects in the order of the operations.
    pub effects: Vec<Effect>,
}

impl TaskHistory {
    /// A task without operations.
    pub fn new(task: String) -> Self {
        TaskHistory { task, effects: Vec::new() }
    }

    /// The id of the task's next operation.
    pub fn next_id(&self) -> String {
        format!("{}:{}", self.task, self.effects.len())
    }
}

impl History {
    /// Adds the operations of a task.
    pub fn add(&mut self, task: TaskHistory) {
        self.0.insert(task.task, task.effects);
    }

    /// Compares the ledger, pairs of an id and the number of times that the operation ran, with the history. Returns a line of
    /// figures.
    pub fn audit(
        &self,
        kind: &str,
        ledger: impl Iterator<Item = (String, String)>,
        violations: &mut Vec<String>,
    ) -> String {
        let mut unseen = self.0.clone();
        let mut entries = 0usize;
        let mut unknown_applied = 0usize;
        for (id, times) in ledger {
            entries += 1;
            if times != "1" {
                violations.push(format!("{kind} {id} ran {times} times"));
            }
            let Some(effect) = entry(&mut unseen, &id) else {
                violations.push(format!("{kind} {id} ran, and no task requested it"));
                continue;
            };
            match effect {
                Effect::NotApplied => {
                    violations.push(format!("{kind} {id} ran, and the task was told that it did not"));
                }
                Effect::Unknown => unknown_applied += 1,
                Effect::Applied | Effect::Unreplicated => {}
            }
            // What is left as applied after this loop is missing in the ledger.
            *effect = Effect::NotApplied;
        }
        let mut unknown = unknown_applied;
        let mut lost = 0usize;
        for (task, effects) in &unseen {
            for (number, effect) in effects.iter().enumerate() {
                match effect {
                    Effect::Applied => {
                        violations
                            .push(format!("{kind} {task}:{number} did not run, and the task was told that it ran"));
                    }
                    Effect::Unreplicated => lost += 1,
                    Effect::Unknown => unknown += 1,
                    Effect::NotApplied => {}
                }
            }
        }
        let count = |wanted| self.0.values().flatten().filter(|effect| **effect == wanted).count();
        let (acknowledged, unreplicated) = (count(Effect::Applied), count(Effect::Unreplicated));
        let failed_over = match unreplicated {
            0 => String::new(),
            _ => format!(" and {unreplicated} by a primary that failed over, which lost {lost} of these"),
        };
        format!(
            "{acknowledged} {kind}s acknowledged{failed_over}, {unknown} unknown of which {unknown_applied} ran, \
             {entries} in the ledger"
        )
    }
}

/// The fields and values of a hash.
pub fn pairs(hash: &Frame) -> impl Iterator<Item = (String, String)> {
    hash.items().chunks(2).map(|pair| (pair[0].text(), pair[1].text()))
}

fn entry<'a>(history: &'a mut HashMap<String, Vec<Effect>>, id: &str) -> Option<&'a mut Effect> {
    let (task, number) = id.rsplit_once(':')?;
    history.get_mut(task)?.get_mut(number.parse::<usize>().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn violations(ledger: &[(&str, &str)]) -> Vec<String> {
        let mut history = History::default();
        let effects = vec![Effect::Applied, Effect::NotApplied, Effect::Unknown, Effect::Unreplicated];
        history.add(TaskHistory { task: "a".into(), effects });
        let mut violations = Vec::new();
        history.audit(
            "transfer",
            ledger.iter().map(|(id, times)| (id.to_string(), times.to_string())),
            &mut violations,
        );
        violations
    }

    #[test]
    fn the_history_and_the_ledger_are_compared_both_ways() {
        assert_eq!(violations(&[("a:0", "1")]), [""; 0]);
        assert_eq!(violations(&[("a:0", "1"), ("a:2", "1")]), [""; 0]);
        assert_eq!(violations(&[("a:0", "1"), ("a:3", "1")]), [""; 0]);
        assert!(violations(&[("a:0", "1"), ("a:3", "2")])[0].contains("a:3 ran 2 times"));
        assert!(violations(&[("a:0", "2")])[0].contains("a:0 ran 2 times"));
        assert!(
            violations(&[("a:0", "1"), ("a:1", "1")])[0].contains("a:1 ran, and the task was told that it did not")
        );
        assert!(violations(&[])[0].contains("a:0 did not run"));
        assert!(violations(&[("a:0", "1"), ("a:4", "1")])[0].contains("no task requested"));
    }
}
