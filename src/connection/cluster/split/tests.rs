use super::*;
use crate::{
    argument::Arguments,
    command::encode::{AsKey, AsKeyPairs, FlatPairs, NumKeys},
    resp::{CommandBuffer, KeyTracking, Name, Reader, encoded_len},
};
use std::collections::HashMap;

const NAME: Name<{ encoded_len("XX YY") }> = Name::new("XX YY");

/// Encodes a command behind another one, as commands stand in a batch, and splits it.
fn split_of<A: Arguments>(arguments: &A, group_of: impl Fn(u16) -> u16) -> Result<SplitCommand, SplitError> {
    let mut buffer = CommandBuffer::new(KeyTracking::Together);
    for count in [0, arguments.count()] {
        buffer.command(FirstArgument::Other, |out| {
            out.command(&NAME, count);
            if count > 0 {
                arguments.write_all(out);
            }
        });
    }
    assert_eq!(buffer.rejected(), None);
    let command = buffer.walk(0).nth(1).unwrap();
    SplitCommand::new(&command, 2, FirstArgument::Key, group_of)
}

/// The words of each part.
fn words(split: &SplitCommand) -> Vec<Vec<String>> {
    split.parts().iter().map(|part| words_of(&split.bytes()[part.bytes.clone()])).collect()
}

fn words_of(command: &[u8]) -> Vec<String> {
    let bytes = Bytes::copy_from_slice(command);
    let mut reader = Reader::new(&bytes);
    let words = reader.read_reply(|reader| (0..reader.array()?).map(|_| Ok(reader.text()?.to_owned())).collect());
    assert_eq!(reader.position(), bytes.len());
    words.unwrap()
}

fn bulk(value: Option<&String>) -> String {
    value.map_or_else(|| "$-1\r\n".to_owned(), |value| format!("${}\r\n{value}\r\n", value.len()))
}

/// Arguments that stand one behind the other.
struct Row<A, B, C>(A, B, C);

impl<A: Arguments, B: Arguments, C: Arguments> Arguments for Row<A, B, C> {
    type Item = ();
    fn count(&self) -> usize {
        self.0.count() + self.1.count() + self.2.count()
    }
    fn write_all(&self, out: &mut crate::argument::Writer<'_>) {
        self.0.write_all(out);
        self.1.write_all(out);
        self.2.write_all(out);
    }
}

#[test]
fn each_slot_has_a_command_with_its_keys() {
    // Slots: a is 15495, b 3300, {a}x 15495, {b}y 3300.
    let split = split_of(&AsKey(&["a", "b", "{a}x", "c", "{b}y", "a"]), |_| 0).unwrap();
    assert_eq!(
        words(&split),
        [vec!["XX", "YY", "b", "{b}y"], vec!["XX", "YY", "c"], vec!["XX", "YY", "a", "{a}x", "a"]]
    );
    let slots: Vec<_> = split.parts().iter().map(|part| part.slot).collect();
    assert_eq!(slots, ["b", "c", "a"].map(hash_slot));
    let replies = ["*2\r\n+b\r\n+by\r\n", "*1\r\n+c\r\n", "*3\r\n+a\r\n+ax\r\n+a again\r\n"];
    let merged = split.merge(Merge::KeyOrder, &replies).unwrap();
    assert_eq!(merged, "*6\r\n+a\r\n+b\r\n+ax\r\n+c\r\n+by\r\n+a again\r\n");
    assert_eq!(split.merge(Merge::Sum, &[":2\r\n", ":1\r\n", ":3\r\n"]).unwrap(), ":6\r\n");
    assert!(split.merge(Merge::Sum, &[":2\r\n", ":1\r\n"]).is_err());
}

#[test]
fn the_parts_of_a_group_are_neighbours() {
    let keys: Vec<String> = (0..200).map(|n| format!("key:{n}")).collect();
    let split = split_of(&AsKey(&keys), |slot| slot % 3).unwrap();
    let order: Vec<_> = split.parts().iter().map(|part| (part.group, part.slot)).collect();
    assert!(order.is_sorted());
    assert!(order.iter().all(|(group, slot)| *group == slot % 3));
    let ends: Vec<_> = split.parts().iter().map(|part| part.bytes.end).collect();
    let starts: Vec<_> = split.parts().iter().map(|part| part.bytes.start).collect();
    assert_eq!((starts[0], &starts[1..]), (0, &ends[..ends.len() - 1]));
    assert_eq!(ends.last(), Some(&split.bytes().len()));
}

#[test]
fn a_value_goes_with_its_key() {
    let pairs = [("a", "1"), ("b", "2"), ("{a}x", "b"), ("a", "4")];
    let split = split_of(&FlatPairs(&AsKeyPairs(&pairs)), |_| 0).unwrap();
    assert_eq!(words(&split), [vec!["XX", "YY", "b", "2"], vec!["XX", "YY", "a", "1", "{a}x", "b", "a", "4"]]);
    assert_eq!(split.merge(Merge::AllSucceeded, &["+OK\r\n", "+OK\r\n"]).unwrap(), "+OK\r\n");
    // The first pair is marked apart from the others.
    let rows = Row(FlatPairs(&AsKeyPairs(&[("a", "1")])), FlatPairs(&AsKeyPairs(&[("b", "2")])), "NX");
    let split = split_of(&rows, |_| 0).unwrap();
    assert_eq!(words(&split), [["XX", "YY", "b", "2", "NX"], ["XX", "YY", "a", "1", "NX"]]);
}

#[test]
fn other_arguments_are_in_each_part() {
    let split = split_of(&Row("before", AsKey(&["a", "b"]), "$.path"), |_| 0).unwrap();
    assert_eq!(words(&split), [["XX", "YY", "before", "b", "$.path"], ["XX", "YY", "before", "a", "$.path"]]);
    let split = split_of(&Row(AsKey("a"), AsKey(&["b", "{a}"]), ["x", "y"]), |_| 0).unwrap();
    assert_eq!(words(&split), [vec!["XX", "YY", "b", "x", "y"], vec!["XX", "YY", "a", "{a}", "x", "y"]]);
}

#[test]
fn other_forms_are_refused() {
    assert_eq!(split_of(&AsKey("a"), |_| 0).unwrap_err(), FEW_KEYS);
    assert_eq!(split_of(&"no key is marked", |_| 0).unwrap_err(), FEW_KEYS);
    assert_eq!(split_of(&NumKeys(&AsKey(&["a", "b"])), |_| 0).unwrap_err(), COUNTED_KEYS);
    assert_eq!(split_of(&Row("NX", NumKeys(&AsKey(&["a", "b"])), "x"), |_| 0).unwrap_err(), COUNTED_KEYS);
    assert_eq!(split_of(&Row(AsKey(&["a", "b"]), "x", AsKey("c")), |_| 0).unwrap_err(), UNEVEN_KEYS);
    assert_eq!(split_of(&Row(AsKey("a"), "x", AsKey("c")), |_| 0).unwrap_err(), UNEVEN_KEYS);
}

/// A server's reply to MGET, EXISTS or MSET of these keys.
fn reply(merge: Merge, stored: &mut HashMap<String, String>, arguments: &[String]) -> String {
    match merge {
        Merge::KeyOrder => {
            let values: String = arguments.iter().map(|key| bulk(stored.get(key))).collect();
            format!("*{}\r\n{values}", arguments.len())
        }
        Merge::Sum => format!(":{}\r\n", arguments.iter().filter(|key| stored.contains_key(*key)).count()),
        _ => {
            stored.extend(arguments.chunks(2).map(|pair| (pair[0].clone(), pair[1].clone())));
            "+OK\r\n".to_owned()
        }
    }
}

#[test]
fn a_split_command_replies_as_one_server() {
    let mut random = fastrand::Rng::with_seed(11);
    for _ in 0..300 {
        let few = random.usize(1..60);
        let key = |random: &mut fastrand::Rng| format!("{{{}}}{}", random.usize(..few), random.u8(..4));
        let keys: Vec<String> = (0..random.usize(2..80)).map(|_| key(&mut random)).collect();
        let pairs: Vec<(String, String)> = keys.iter().map(|key| (key.clone(), random.u32(..).to_string())).collect();
        let nodes = random.u16(1..6);
        let (mut one, mut several) = (HashMap::new(), HashMap::new());
        for by in [Merge::AllSucceeded, Merge::KeyOrder, Merge::Sum] {
            let asked: Vec<String> = (0..random.usize(2..80)).map(|_| key(&mut random)).collect();
            let (split, whole) = if by == Merge::AllSucceeded {
                let flat = pairs.iter().flat_map(|(key, value)| [key.clone(), value.clone()]).collect();
                (split_of(&FlatPairs(&AsKeyPairs(&pairs)), |slot| slot % nodes), flat)
            } else {
                (split_of(&AsKey(&asked), |slot| slot % nodes), asked)
            };
            let split = split.unwrap();
            let mut replies = Vec::new();
            for (part, words) in split.parts().iter().zip(words(&split)) {
                let stride = if by == Merge::AllSucceeded { 2 } else { 1 };
                assert!(words[2..].iter().step_by(stride).all(|key| hash_slot(key) == part.slot), "{words:?}");
                replies.push(reply(by, &mut several, &words[2..]));
            }
            assert_eq!(split.merge(by, &replies).unwrap(), reply(by, &mut one, &whole));
        }
        assert_eq!(one, several);
    }
}
