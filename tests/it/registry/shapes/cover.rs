//! The kinds of replies that a shape covers.

use super::kind::Kinds;

/// The kind that stands for all of them.
const ANY: &str = "any";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protocol {
    Resp2,
    Resp3,
}

/// Returns whether the kinds are among those that the shapes cover, of which a row has several if its reply depends on options.
pub(super) fn cover<'a>(shapes: impl IntoIterator<Item = &'a str>, kinds: &Kinds, protocol: Protocol) -> bool {
    let mut covered = Kinds::default();
    for shape in shapes {
        let mut rest = shape;
        covered.merge(parse(&mut rest, protocol));
        assert!(rest.is_empty(), "{shape:?} is no shape from {rest:?} on");
    }
    is_within(kinds, &covered)
}

fn is_within(kinds: &Kinds, covered: &Kinds) -> bool {
    let nested = |inner: &Option<Box<Kinds>>, outer: &Option<Box<Kinds>>| match (inner, outer) {
        (None, _) => true,
        (Some(inner), Some(outer)) => is_within(inner, outer),
        (Some(_), None) => false,
    };
    let map = match (&kinds.map, &covered.map) {
        (None, _) => true,
        (Some(inner), Some(outer)) => is_within(&inner.0, &outer.0) && is_within(&inner.1, &outer.1),
        (Some(_), None) => false,
    };
    let plain = kinds.plain.is_subset(&covered.plain);
    let all = plain && map && nested(&kinds.array, &covered.array) && nested(&kinds.set, &covered.set);
    covered.plain.contains(ANY) || all
}

/// The shapes that have names of their own, as what they are made of. Some differ by protocol.
fn named(name: &str, protocol: Protocol) -> Option<&'static str> {
    Some(match (name, protocol) {
        // Without CLAIM, which no server of the tests has.
        ("EntryShape" | "K::Shape", _) => "Tuple<(Bulk, Map<Bulk, Bulk>)>",
        ("HistoryShape", _) => "Tuple<(Bulk, Nullable<Map<Bulk, Bulk>>)>",
        ("Estimate", _) => "Double",
        ("JsonText" | "JsonMatches", _) => "Bulk",
        ("Position", _) => "Nullable<Integer>",
        ("SortRows", _) => "Array<Nullable<Bulk>>",
        ("Types", Protocol::Resp2) => "Nullable<Array<Bulk>>",
        ("Types", Protocol::Resp3) => "Array<Nullable<Array<Bulk>>>",
        ("Numbers", Protocol::Resp2) => "Bulk",
        ("Numbers", Protocol::Resp3) => "Array<Nullable<Number>>",
        ("OneFact", Protocol::Resp2) => "Array<Nullable<Integer>>",
        ("OneFact", Protocol::Resp3) => "Map<Status, Nullable<Integer>>",
        ("JsonByPath", _) => "Bulk",
        ("Moved", _) => "Nullable<Array<Bulk>>",
        // A sample, or an empty array. The module has its value as a simple string in RESP2.
        ("SampleShape", Protocol::Resp2) => "Tuple<(Integer, Status)>",
        ("SampleShape", Protocol::Resp3) => "Tuple<(Integer, Double)>",
        // Key, labels, facts of groups in RESP3, and samples or the last one.
        ("ManySeries", Protocol::Resp2) => {
            "Array<Tuple<(Bulk, Array<Tuple<(Bulk, Nullable<Bulk>)>>, Array<SampleShape>, SampleShape)>>"
        }
        ("ManySeries", Protocol::Resp3) => {
            "Map<Bulk, Tuple<(Map<Bulk, Nullable<Bulk>>, Map<Bulk, Array<Bulk>>, Array<SampleShape>, SampleShape)>>"
        }
        ("Created" | "Dropped", _) => "Status",
        ("FlatSuggestions", Protocol::Resp2) => "Nullable<Array<Nullable<Bulk>>>",
        ("FlatSuggestions", Protocol::Resp3) => "Nullable<Tuple<(Nullable<Bulk>, Double)>>",
        ("Results", Protocol::Resp2) => "Array<Any>",
        ("Results", Protocol::Resp3) => "Map<Status, Any>",
        ("RowsWithCursor", _) => "Tuple<(Results, Integer)>",
        ("WithProfile" | "Spelling" | "Settings", _) => "Any",
        _ => return None,
    })
}

/// Reads a shape as rows write it, such as `Array<Nullable<Bulk>>`, as the kinds that it covers.
fn parse(rest: &mut &str, protocol: Protocol) -> Kinds {
    let end = rest.find(['<', '>', ',', '(', ')']).unwrap_or(rest.len());
    let (name, behind) = rest.split_at(end);
    *rest = behind;
    let mut inside = Vec::new();
    if let Some(behind) = rest.strip_prefix('<') {
        *rest = behind.strip_prefix('(').unwrap_or(behind);
        loop {
            inside.push(parse(rest, protocol));
            let Some(behind) = rest.strip_prefix(',') else { break };
            *rest = behind.trim_start();
        }
        *rest = rest.strip_prefix(')').unwrap_or(rest);
        *rest = rest.strip_prefix('>').unwrap_or_else(|| panic!("no `>` before {rest:?}"));
    }
    match named(name, protocol) {
        Some(mut shape) => parse(&mut shape, protocol),
        None => covered(name, inside, protocol),
    }
}

/// The kinds that a shape covers whose parts cover these.
fn covered(name: &str, inside: Vec<Kinds>, protocol: Protocol) -> Kinds {
    let resp3 = protocol == Protocol::Resp3;
    let plain = |names: &[&'static str]| Kinds { plain: names.iter().copied().collect(), ..Kinds::default() };
    let mut all = Kinds::default();
    inside.iter().cloned().for_each(|kinds| all.merge(kinds));
    let map = || Kinds { map: Some(Box::new((inside[0].clone(), inside[1].clone()))), ..Kinds::default() };
    match name {
        "Any" => plain(&[ANY]),
        "Bulk" => plain(&["bulk", "verbatim"]),
        "Status" | "TypeName" => plain(&["simple"]),
        "Integer" | "Offset" => plain(&["int"]),
        "Number" => plain(&["int", "double"]),
        "Double" => plain(if resp3 { &["double"] } else { &["bulk"] }),
        "Flag" => plain(if resp3 { &["int", "bool"] } else { &["int"] }),
        "Nullable" => with(all, plain(&["null", "null-array"])),
        "Fallible" => with(all, plain(&["error"])),
        "Array" if resp3 => Kinds { set: Some(Box::new(all.clone())), ..array(all) },
        "Array" | "Single" | "Tuple" => array(all),
        "Map" if resp3 => map(),
        "Map" => array(all),
        // One after the other, each in an array of its own, or in a map.
        "Pairs" => with(map(), array(with(all.clone(), array(all)))),
        "Triples" if resp3 => {
            let values = with(inside[1].clone(), inside[2].clone());
            Kinds { map: Some(Box::new((inside[0].clone(), array(values)))), ..Kinds::default() }
        }
        "Triples" => array(all),
        "StreamsShape" => {
            let key = plain(&["bulk"]);
            let streams = Kinds { map: Some(Box::new((key.clone(), array(all.clone())))), ..Kinds::default() };
            with(with(streams, array(array(with(key, array(all))))), plain(&["null", "null-array"]))
        }
        other => panic!("nothing says what the shape {other} covers"),
    }
}

fn array(inside: Kinds) -> Kinds {
    Kinds { array: Some(Box::new(inside)), ..Kinds::default() }
}

fn with(mut kinds: Kinds, other: Kinds) -> Kinds {
    kinds.merge(other);
    kinds
}

#[test]
fn a_shape_covers_what_it_says_and_nothing_else() {
    for (shape, covered, not) in [
        ("Bulk", "bulk|verbatim", "int"),
        ("Bulk", "bulk", "null"),
        ("Nullable<Bulk>", "bulk|null", "array[]"),
        ("Nullable<Array<Integer>>", "null-array|array[int]", "array[null]"),
        ("Array<Bulk>", "set[bulk]", "array[int]"),
        ("Map<Bulk, Integer>", "map{bulk: int}", "array[bulk|int]"),
        ("Map<Bulk, Any>", "map{bulk: int|map{bulk: null}}", "map{int: bulk}"),
        ("Pairs<Bulk, Double>", "array[array[bulk|double]]", "array[bulk]|null"),
        (
            "Tuple<(Bulk, Array<EntryShape>, Array<Bulk>)>",
            "array[bulk|array[bulk|array[bulk|map{bulk: bulk}]]]",
            "array[int]",
        ),
        ("Array<Fallible<Flag>>", "array[error|bool]", "array[bulk]"),
        ("Triples<Bulk, Double, Nullable<Bulk>>", "map{bulk: array[double|bulk|null]}", "map{bulk: double}"),
    ] {
        assert!(cover([shape], &Kinds::parse(covered), Protocol::Resp3), "{shape} does not cover {covered}");
        assert!(!cover([shape], &Kinds::parse(not), Protocol::Resp3), "{shape} covers {not}");
    }
}
