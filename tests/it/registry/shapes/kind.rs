//! The kinds of replies on the wire, read without typedis, so that a bug of its decoder cannot hide.

use std::{collections::BTreeSet, fmt, mem};

/// The kinds of one place of replies. The elements of an array have one place, so that it does not matter how many there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Kinds {
    pub(super) plain: BTreeSet<&'static str>,
    pub(super) array: Option<Box<Kinds>>,
    pub(super) set: Option<Box<Kinds>>,
    /// The keys and the values.
    pub(super) map: Option<Box<(Kinds, Kinds)>>,
}

/// The names of the kinds that hold no others, by the first byte of a reply. `null-array` is a null with the byte of an array.
const PLAIN: [(u8, &str); 11] = [
    (b'+', "simple"),
    (b'-', "error"),
    (b'!', "error"),
    (b':', "int"),
    (b'$', "bulk"),
    (b'_', "null"),
    (b'#', "bool"),
    (b',', "double"),
    (b'(', "big"),
    (b'=', "verbatim"),
    (b'*', "null-array"),
];

impl Kinds {
    /// Reads the reply at the begin of `bytes`. Returns `None` where it is not there to its end, else also its length.
    pub(super) fn read(bytes: &[u8]) -> Option<(Kinds, usize)> {
        let mut at = 0;
        let kinds = read(bytes, &mut at)?;
        Some((kinds, at))
    }

    pub(super) fn plain(name: &'static str) -> Kinds {
        Kinds { plain: BTreeSet::from([name]), ..Kinds::default() }
    }

    pub(super) fn is_error(&self) -> bool {
        *self == Kinds::plain("error")
    }

    /// Adds the kinds of another reply in the same place.
    pub(super) fn merge(&mut self, other: Kinds) {
        self.plain.extend(other.plain);
        merge_nested(&mut self.array, other.array);
        merge_nested(&mut self.set, other.set);
        self.map = match (self.map.take(), other.map) {
            (Some(mut map), Some(other)) => {
                map.0.merge(other.0);
                map.1.merge(other.1);
                Some(map)
            }
            (map, other) => map.or(other),
        };
    }

    /// Reads the text that `Display` writes. Panics on any other.
    pub(super) fn parse(text: &str) -> Kinds {
        let mut rest = text;
        let kinds = parse(&mut rest);
        assert!(rest.is_empty(), "{text:?} is no kind from {rest:?} on");
        kinds
    }
}

fn merge_nested(nested: &mut Option<Box<Kinds>>, other: Option<Box<Kinds>>) {
    match (nested.as_mut(), other) {
        (Some(kinds), Some(other)) => kinds.merge(*other),
        (None, other) => *nested = other,
        (Some(_), None) => {}
    }
}

fn read(bytes: &[u8], at: &mut usize) -> Option<Kinds> {
    let rest = bytes.get(*at..)?;
    let end = rest.windows(2).position(|two| two == b"\r\n")?;
    let (first, line) = (rest[0], &rest[1..end]);
    *at += end + 2;
    let name = PLAIN.iter().find(|(byte, _)| *byte == first).map(|(_, name)| *name);
    let length = || std::str::from_utf8(line).ok()?.parse::<i64>().ok();
    let length = || length().unwrap_or_else(|| panic!("no length: {}", rest[..end].escape_ascii()));
    match first {
        b'$' if line == b"-1" => Some(Kinds::plain("null")),
        b'*' if line == b"-1" => Some(Kinds::plain("null-array")),
        b'$' | b'!' | b'=' => {
            *at += usize::try_from(length()).ok()? + 2;
            (*at <= bytes.len()).then(|| Kinds::plain(name.expect("it is listed")))
        }
        b'*' | b'~' => {
            let mut inside = Kinds::default();
            for _ in 0..length() {
                inside.merge(read(bytes, at)?);
            }
            let inside = Some(Box::new(inside));
            let (array, set) = if first == b'*' { (inside, None) } else { (None, inside) };
            Some(Kinds { array, set, ..Kinds::default() })
        }
        b'%' => {
            let mut inside = (Kinds::default(), Kinds::default());
            for _ in 0..length() {
                inside.0.merge(read(bytes, at)?);
                inside.1.merge(read(bytes, at)?);
            }
            Some(Kinds { map: Some(Box::new(inside)), ..Kinds::default() })
        }
        _ => Some(Kinds::plain(name.unwrap_or_else(|| panic!("no reply: {}", rest[..end].escape_ascii())))),
    }
}

impl fmt::Display for Kinds {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = self.plain.iter().map(|name| (*name).to_owned());
        let array = self.array.iter().map(|inside| format!("array[{inside}]"));
        let set = self.set.iter().map(|inside| format!("set[{inside}]"));
        let map = self.map.iter().map(|map| format!("map{{{}: {}}}", map.0, map.1));
        let all: Vec<_> = plain.chain(array).chain(set).chain(map).collect();
        formatter.write_str(&all.join("|"))
    }
}

fn parse(rest: &mut &str) -> Kinds {
    let mut kinds = Kinds::default();
    loop {
        if take(rest, "array[") {
            kinds.array = Some(Box::new(parse(rest)));
            assert!(take(rest, "]"), "no `]` before {rest:?}");
        } else if take(rest, "set[") {
            kinds.set = Some(Box::new(parse(rest)));
            assert!(take(rest, "]"), "no `]` before {rest:?}");
        } else if take(rest, "map{") {
            let keys = parse(rest);
            assert!(take(rest, ": "), "no `: ` before {rest:?}");
            kinds.map = Some(Box::new((keys, parse(rest))));
            assert!(take(rest, "}"), "no `}}` before {rest:?}");
        } else {
            let end = rest.find(['|', ']', '}', ':']).unwrap_or(rest.len());
            let (word, behind) = mem::take(rest).split_at(end);
            *rest = behind;
            if word.is_empty() {
                return kinds;
            }
            let name = PLAIN.iter().find(|(_, name)| *name == word);
            kinds.plain.insert(name.unwrap_or_else(|| panic!("{word:?} is no kind")).1);
        }
        if !take(rest, "|") {
            return kinds;
        }
    }
}

fn take(rest: &mut &str, what: &str) -> bool {
    let behind = rest.strip_prefix(what);
    *rest = behind.unwrap_or(rest);
    behind.is_some()
}

#[test]
fn kinds_are_read_collapsed_and_written() {
    for (reply, written) in [
        ("+OK\r\n", "simple"),
        ("*2\r\n:1\r\n*-1\r\n", "array[int|null-array]"),
        ("*3\r\n*1\r\n$1\r\na\r\n*1\r\n:1\r\n*0\r\n", "array[array[bulk|int]]"),
        ("%2\r\n+a\r\n_\r\n+b\r\n~1\r\n,1.5\r\n", "map{simple: null|set[double]}"),
        ("*0\r\n", "array[]"),
        ("%0\r\n", "map{: }"),
    ] {
        let (kinds, length) = Kinds::read(reply.as_bytes()).expect("a whole reply");
        assert_eq!((kinds.to_string().as_str(), length), (written, reply.len()));
        assert_eq!(Kinds::parse(written), kinds);
        assert!((0..length).all(|cut| Kinds::read(&reply.as_bytes()[..cut]).is_none()), "half of {reply:?}");
    }
}
