use super::*;
use crate::resp::{DecodeError, Found, Limits, Reader, Scanner};

/// Decodes a merged reply, which must be exactly one reply.
fn read<T>(merged: Result<Bytes, MergeError>, read: impl FnOnce(&mut Reader<'_>) -> Result<T, DecodeError>) -> T {
    let merged = merged.unwrap();
    let mut scanner = Scanner::new(Limits::default());
    while let Found::Push(_) = scanner.next(&merged).unwrap().unwrap() {}
    assert!(!scanner.is_within_reply() && scanner.next(&merged) == Ok(None), "{merged:?}");
    let mut reader = Reader::new(&merged);
    reader.read_reply(read).unwrap()
}

fn merged(by: Merge, replies: &[&str]) -> String {
    let merged = merge(by, replies).unwrap();
    String::from_utf8(merged.to_vec()).unwrap()
}

fn reason(by: Merge, replies: &[&str]) -> &'static str {
    merge(by, replies).unwrap_err()
}

fn texts(reader: &mut Reader<'_>) -> Result<Vec<String>, DecodeError> {
    let count = reader.array()?;
    (0..count).map(|_| reader.text().map(str::to_owned)).collect()
}

const EVERY: [Merge; 10] = [
    Merge::Sum,
    Merge::Min,
    Merge::Max,
    Merge::LogicalAnd,
    Merge::LogicalOr,
    Merge::AllSucceeded,
    Merge::OneSucceeded,
    Merge::Concatenate,
    Merge::KeyOrder,
    Merge::Special,
];

#[test]
fn integers_are_added_or_compared() {
    let replies = [":3\r\n", ":-5\r\n", ":12\r\n"];
    assert_eq!(merged(Merge::Sum, &replies), ":10\r\n");
    assert_eq!(merged(Merge::Min, &replies), ":-5\r\n");
    assert_eq!(merged(Merge::Max, &replies), ":12\r\n");
    assert_eq!(merged(Merge::Sum, &[":9223372036854775806\r\n", ":1\r\n"]), ":9223372036854775807\r\n");
    assert_eq!(reason(Merge::Sum, &[":9223372036854775807\r\n", ":1\r\n"]), OVERFLOW);
    assert_eq!(reason(Merge::Sum, &[":-9223372036854775808\r\n", ":-1\r\n"]), OVERFLOW);
}

#[test]
fn arrays_of_integers_are_merged_element_by_element() {
    let replies = ["*2\r\n:1\r\n:7\r\n", "*2\r\n:5\r\n:2\r\n"];
    assert_eq!(merged(Merge::Sum, &replies), "*2\r\n:6\r\n:9\r\n");
    assert_eq!(merged(Merge::Min, &replies), "*2\r\n:1\r\n:2\r\n");
    assert_eq!(merged(Merge::Max, &replies), "*2\r\n:5\r\n:7\r\n");
    assert_eq!(merged(Merge::Max, &["*0\r\n", "*0\r\n"]), "*0\r\n");
    assert_eq!(reason(Merge::Sum, &["*1\r\n:1\r\n", "*2\r\n:1\r\n:1\r\n"]), NOT_ALIKE);
    assert_eq!(reason(Merge::Sum, &["*1\r\n:1\r\n", ":1\r\n"]), NOT_ALIKE);
}

#[test]
fn flags_are_joined_in_the_form_of_the_first_reply() {
    let integers = ["*3\r\n:1\r\n:0\r\n:1\r\n", "*3\r\n:1\r\n:1\r\n:0\r\n"];
    assert_eq!(merged(Merge::LogicalAnd, &integers), "*3\r\n:1\r\n:0\r\n:0\r\n");
    assert_eq!(merged(Merge::LogicalOr, &integers), "*3\r\n:1\r\n:1\r\n:1\r\n");
    let booleans = ["*2\r\n#t\r\n#f\r\n", "*2\r\n:1\r\n:1\r\n"];
    assert_eq!(merged(Merge::LogicalAnd, &booleans), "*2\r\n#t\r\n#f\r\n");
    assert_eq!(merged(Merge::LogicalOr, &booleans), "*2\r\n#t\r\n#t\r\n");
    assert_eq!(merged(Merge::LogicalAnd, &[":1\r\n", ":0\r\n"]), ":0\r\n");
    assert_eq!(merged(Merge::LogicalOr, &["#f\r\n", "#f\r\n"]), "#f\r\n");
}

#[test]
fn elements_are_joined_in_every_form() {
    let arrays = ["*2\r\n$1\r\na\r\n$-1\r\n", "*0\r\n", "*1\r\n*1\r\n+x\r\n"];
    assert_eq!(merged(Merge::Concatenate, &arrays), "*3\r\n$1\r\na\r\n$-1\r\n*1\r\n+x\r\n");
    assert_eq!(merged(Merge::Concatenate, &["~1\r\n$1\r\na\r\n", "~1\r\n$1\r\nb\r\n"]), "~2\r\n$1\r\na\r\n$1\r\nb\r\n");
    assert_eq!(
        merged(Merge::Concatenate, &["%1\r\n+a\r\n:1\r\n", "%1\r\n+b\r\n:2\r\n"]),
        "%2\r\n+a\r\n:1\r\n+b\r\n:2\r\n"
    );
    // Of two servers one speaks RESP2 alone.
    assert_eq!(merged(Merge::Concatenate, &["~1\r\n:1\r\n", "*1\r\n:2\r\n"]), "*2\r\n:1\r\n:2\r\n");
    let pairs: Vec<(String, i64)> =
        read(merge(Merge::Concatenate, &["%1\r\n+a\r\n:1\r\n", "*2\r\n+b\r\n:2\r\n"]), |reader| {
            let pairs = reader.map()?;
            (0..pairs).map(|_| Ok((reader.text()?.to_owned(), reader.integer()?))).collect()
        });
    assert_eq!(pairs, [("a".to_owned(), 1), ("b".to_owned(), 2)]);
    assert_eq!(reason(Merge::Concatenate, &["%1\r\n+a\r\n:1\r\n", "*1\r\n+b\r\n"]), NOT_PAIRS);
}

#[test]
fn null_has_no_elements() {
    for null in ["*-1\r\n", "$-1\r\n", "_\r\n"] {
        assert_eq!(merged(Merge::Concatenate, &[null, "*1\r\n:1\r\n", null]), "*1\r\n:1\r\n");
        assert_eq!(merged(Merge::Concatenate, &[null, null]), null);
        assert_eq!(merged(Merge::Special, &[null, "$1\r\nk\r\n", "$1\r\nl\r\n"]), "$1\r\nk\r\n");
        assert_eq!(merged(Merge::Special, &[null, null]), null);
        assert_eq!(reason(Merge::Sum, &[":1\r\n", null]), NOT_NUMBERS);
        assert_eq!(reason(Merge::LogicalAnd, &[null]), NOT_FLAGS);
    }
}

#[test]
fn pages_and_statistics_of_several_nodes_are_not_merged() {
    let page = "*2\r\n$1\r\n5\r\n*1\r\n$1\r\na\r\n";
    assert_eq!(reason(Merge::Special, &[page, page]), NOT_MERGED);
    assert_eq!(reason(Merge::Special, &["$1\r\na\r\n", page]), NOT_MERGED);
    assert_eq!(merged(Merge::Special, &[page]), page);
    assert_eq!(merged(Merge::Special, &["=6\r\ntxt:ab\r\n", "$1\r\nc\r\n"]), "=6\r\ntxt:ab\r\n");
}

#[test]
fn an_error_of_any_node_is_the_reply() {
    for error in ["-ERR no\r\n", "!6\r\nERR no\r\n"] {
        let replies = [":1\r\n", error, "-LATER\r\n"];
        for by in EVERY.into_iter().filter(|by| *by != Merge::OneSucceeded) {
            assert_eq!(merged(by, &replies), error, "{by:?}");
        }
        assert_eq!(merged(Merge::OneSucceeded, &[error, "+OK\r\n", "-LATER\r\n"]), "+OK\r\n");
        assert_eq!(merged(Merge::OneSucceeded, &[error, "-LATER\r\n"]), error);
    }
    assert_eq!(merged(Merge::AllSucceeded, &["+OK\r\n", "+FINE\r\n"]), "+OK\r\n");
    // An error within an array is an element.
    assert_eq!(merged(Merge::Concatenate, &["*1\r\n-ERR\r\n", "*1\r\n:1\r\n"]), "*2\r\n-ERR\r\n:1\r\n");
}

#[test]
fn attributes_and_push_messages_change_nothing() {
    let push = ">2\r\n+invalidate\r\n*1\r\n$1\r\nk\r\n";
    let attribute = "|1\r\n+ttl\r\n:9\r\n";
    let before = |reply: &str| format!("{push}{attribute}{reply}");
    let array = |one: &str, two: &str| before(&format!("*2\r\n{push}{one}{attribute}{two}"));
    let replies = [array(":1\r\n", ":0\r\n"), array(":1\r\n", ":1\r\n")];
    assert_eq!(merge(Merge::Sum, &replies).unwrap(), "*2\r\n:2\r\n:1\r\n");
    assert_eq!(merge(Merge::LogicalAnd, &replies).unwrap(), "*2\r\n:1\r\n:0\r\n");
    assert_eq!(merge(Merge::Sum, &[before(":1\r\n"), before(":2\r\n")]).unwrap(), ":3\r\n");
    assert_eq!(merge(Merge::Sum, &[before(":1\r\n"), before("-ERR\r\n")]).unwrap(), "-ERR\r\n");
    assert_eq!(merge(Merge::Special, &[before("_\r\n"), before("+a\r\n")]).unwrap(), "+a\r\n");
    let replies = [array("+a\r\n", "+b\r\n"), array("+c\r\n", "+d\r\n")];
    assert_eq!(read(merge(Merge::Concatenate, &replies), texts), ["a", "b", "c", "d"]);
    let parts = [(&[3, 0][..], replies[0].as_bytes()), (&[1, 2][..], replies[1].as_bytes())];
    assert_eq!(read(merge_key_order(4, parts), texts), ["b", "c", "d", "a"]);
}

#[test]
fn replies_of_other_forms_are_refused() {
    let forms = [
        ":1\r\n",
        "+OK\r\n",
        "$1\r\na\r\n",
        "*1\r\n:1\r\n",
        "*2\r\n:1\r\n:1\r\n",
        "*1\r\n+a\r\n",
        "%1\r\n+a\r\n:1\r\n",
        ",1.5\r\n",
    ];
    let is_numbers = |form: &str| matches!(form, ":1\r\n" | "*1\r\n:1\r\n" | "*2\r\n:1\r\n:1\r\n");
    for one in forms {
        for other in forms {
            let fits = is_numbers(one) && one == other;
            for by in [Merge::Sum, Merge::Min, Merge::Max, Merge::LogicalAnd, Merge::LogicalOr] {
                assert_eq!(merge(by, &[one, other]).is_ok(), fits, "{by:?} of {one:?} and {other:?}");
            }
            let elements = [one, other].iter().all(|form| form.starts_with(['*', '%']));
            let pairs = [one, other].iter().all(|form| form.starts_with("*2") || form.starts_with('%'));
            let maps = [one, other].iter().any(|form| form.starts_with('%'));
            let fits = elements && (!maps || pairs);
            assert_eq!(merge(Merge::Concatenate, &[one, other]).is_ok(), fits, "of {one:?} and {other:?}");
        }
    }
    for by in EVERY {
        assert_eq!(reason(by, &[]), NO_REPLY);
        assert_eq!(reason(by, &[""]), NOT_WHOLE);
    }
}

#[test]
fn bytes_that_are_no_whole_reply_are_no_panic() {
    let whole = "|1\r\n+a\r\n:1\r\n*3\r\n>1\r\n+p\r\n:1\r\n*1\r\n$2\r\nab\r\n%1\r\n#t\r\n_\r\n";
    for by in EVERY {
        for end in 0..whole.len() {
            let _ = merge(by, &[&whole[..end], whole]);
            let _ = merge(by, &[whole, &whole[..end]]);
            let _ = merge_key_order(3, [(&[0, 1, 2][..], &whole.as_bytes()[..end])]);
        }
    }
    for hostile in ["*99999999\r\n", "|0\r\n", "%999999999999999\r\n", ">1\r\n", ":\r\n", "\r\n", "*"] {
        for by in EVERY {
            let _ = merge(by, &[hostile, "*1\r\n:1\r\n"]);
            let _ = merge(by, &["*1\r\n:1\r\n", hostile]);
        }
    }
}

#[test]
fn each_key_has_exactly_one_element() {
    let part = |positions: &'static [u32], reply: &'static str| (positions, reply.as_bytes());
    let two = "*2\r\n+a\r\n+b\r\n";
    assert_eq!(read(merge_key_order(2, [part(&[1, 0], two)]), texts), ["b", "a"]);
    assert_eq!(read(merge_key_order(0, []), texts), [""; 0]);
    for (total, parts) in [
        (3, vec![part(&[0, 1], two)]),
        (2, vec![part(&[0], two)]),
        (2, vec![part(&[0, 2], two)]),
        (2, vec![part(&[0, 0], two)]),
        (2, vec![part(&[0, 1], two), part(&[1, 0], two)]),
        (2, vec![part(&[0, 1], "*-1\r\n")]),
        (2, vec![part(&[0, 1], "+OK\r\n")]),
        (2, vec![part(&[0, 1], "*2\r\n+a\r\n")]),
    ] {
        assert_eq!(merge_key_order(total, parts.clone()), Err(NOT_ITS_KEYS), "{total} {parts:?}");
    }
    let parts = [part(&[0, 1], two), part(&[2], "-NOPERM\r\n"), part(&[3], "-LATER\r\n")];
    assert_eq!(merge_key_order(4, parts).unwrap(), "-NOPERM\r\n");
}
