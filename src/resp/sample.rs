//! Random replies for tests, from a seed: values and their encoding.

use fastrand::Rng;

/// The value of a reply.
#[derive(Clone, Debug)]
pub(crate) enum Sample {
    Null,
    Flag(bool),
    Integer(i64),
    Double(f64),
    BigNumber(String),
    Status(String),
    Bulk(Vec<u8>),
    Verbatim(String),
    Error(String),
    BulkError(String),
    Array(Vec<Sample>),
    Set(Vec<Sample>),
    Map(Vec<(Sample, Sample)>),
    /// A push message between replies. [`encode_with_pushes`] adds others within them.
    Push(Vec<Sample>),
    /// A reply with an attribute before it.
    Described(Vec<(Sample, Sample)>, Box<Sample>),
}

/// The protocol's version, which decides which kinds there are and how null is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    Resp2,
    Resp3,
}

const DEEPEST: usize = 5;

/// Generates successive replies of one connection.
pub(crate) fn replies(random: &mut Rng, version: Version) -> Vec<Sample> {
    (0..random.usize(1..6)).map(|_| reply(random, version)).collect()
}

fn reply(random: &mut Rng, version: Version) -> Sample {
    if version == Version::Resp3 && random.u8(0..8) == 0 {
        return Sample::Push((0..random.usize(1..4)).map(|_| element(random, version, DEEPEST - 1)).collect());
    }
    element(random, version, 0)
}

fn element(random: &mut Rng, version: Version, depth: usize) -> Sample {
    let some = |random: &mut Rng| random.usize(0..5);
    let deeper = |random: &mut Rng| element(random, version, depth + 1);
    match (random.u8(0..if depth < DEEPEST { 24 } else { 18 }), version) {
        (0..3, _) => Sample::Bulk(bytes(random)),
        (3..5, _) => Sample::Integer(integer(random)),
        (5..7, _) => Sample::Null,
        (7..9, _) => Sample::Status(line(random)),
        (9, _) => Sample::Error(line(random)),
        (10, Version::Resp3) => Sample::BulkError(line(random) + "\r\n" + &line(random)),
        (11, Version::Resp3) => Sample::Flag(random.bool()),
        (12..14, Version::Resp3) => Sample::Double(double(random)),
        (14, Version::Resp3) => Sample::BigNumber(big_number(random)),
        (15, Version::Resp3) => Sample::Verbatim(line(random)),
        (18, Version::Resp3) => Sample::Set(keys(random)),
        (19..21, Version::Resp3) => {
            let keys = keys(random);
            Sample::Map(keys.into_iter().map(|key| (key, without_error(deeper(random)))).collect())
        }
        (21, Version::Resp3) => described(random, deeper),
        (18.., _) => Sample::Array((0..some(random)).map(|_| deeper(random)).collect()),
        _ => Sample::Bulk(bytes(random)),
    }
}

fn described(random: &mut Rng, mut reply: impl FnMut(&mut Rng) -> Sample) -> Sample {
    let about = keys(random).into_iter().map(|key| (key, Sample::Integer(integer(random)))).collect();
    match reply(random) {
        // No server gives these an attribute, and redis-protocol does not accept one there.
        plain @ (Sample::Null | Sample::Described(..)) => plain,
        reply => Sample::Described(about, Box::new(reply)),
    }
}

/// Generates distinct values, as the keys of a map and the members of a set are.
fn keys(random: &mut Rng) -> Vec<Sample> {
    (0..random.usize(0..5))
        .map(|n| {
            if random.bool() {
                Sample::Bulk([bytes(random), n.to_string().into_bytes()].concat())
            } else {
                Sample::Integer(random.i64(..) / 8 * 8 + n as i64)
            }
        })
        .collect()
}

/// Replaces errors, since maps have no order in redis-protocol, so the first error in one is not defined there.
fn without_error(sample: Sample) -> Sample {
    match sample {
        Sample::Error(text) | Sample::BulkError(text) => Sample::Bulk(text.into()),
        Sample::Array(items) => Sample::Array(items.into_iter().map(without_error).collect()),
        Sample::Described(about, reply) => Sample::Described(about, Box::new(without_error(*reply))),
        other => other,
    }
}

fn integer(random: &mut Rng) -> i64 {
    let edges = [0, 1, -1, 9, 10, -10, i64::MAX, i64::MIN, 1 << 53];
    if random.bool() { edges[random.usize(..edges.len())] } else { random.i64(..) >> random.u32(..64) }
}

fn double(random: &mut Rng) -> f64 {
    let edges = [0.0, -0.0, 1.5, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN_POSITIVE];
    if random.bool() { edges[random.usize(..edges.len())] } else { random.f64() * random.f64() * 1e20 }
}

fn big_number(random: &mut Rng) -> String {
    let digits: String = (0..random.usize(1..60)).map(|_| random.digit(10)).collect();
    format!("{}9{digits}", if random.bool() { "-" } else { "" })
}

/// Generates a text of one line, which may hold a CR or an LF alone.
fn line(random: &mut Rng) -> String {
    let words = ["", "OK", "ERR no", "WRONGTYPE ..", "$5", "*2", "-", "ü ß", "QUEUED", " ", "\n", "a\rb", "\n+OK"];
    (0..random.usize(0..4)).map(|_| words[random.usize(..words.len())]).collect()
}

/// Generates binary data, often with the protocol's own characters.
fn bytes(random: &mut Rng) -> Vec<u8> {
    let length = if random.u8(0..30) == 0 { random.usize(..5000) } else { random.usize(..12) };
    let signs = b"\r\n$*:-+_%\0\xff";
    (0..length).map(|_| if random.bool() { signs[random.usize(..signs.len())] } else { random.u8(..) }).collect()
}

/// Writes what stands before an element.
type Before<'a> = &'a mut dyn FnMut(&mut Vec<u8>);

/// Encodes a value as a server does.
pub(crate) fn encode(sample: &Sample, version: Version, out: &mut Vec<u8>) {
    encode_with(sample, version, out, &mut |_| {});
}

/// Encodes a value, with what `before` writes before each element of its aggregates.
pub(crate) fn encode_with(sample: &Sample, version: Version, out: &mut Vec<u8>, before: Before<'_>) {
    match sample {
        Sample::Null if version == Version::Resp3 => out.extend_from_slice(b"_\r\n"),
        // RESP2 has two nulls of the same meaning, so both are generated.
        Sample::Null => out.extend_from_slice(if out.len() & 1 == 0 { b"$-1\r\n" } else { b"*-1\r\n" }),
        Sample::Flag(flag) => head(out, '#', if *flag { "t" } else { "f" }),
        Sample::Integer(value) => head(out, ':', value),
        Sample::Double(value) => head(out, ',', value),
        Sample::BigNumber(digits) => head(out, '(', digits),
        Sample::Status(text) => head(out, '+', text),
        Sample::Error(text) => head(out, '-', text),
        Sample::Bulk(value) => string(out, '$', value),
        Sample::BulkError(text) => string(out, '!', text.as_bytes()),
        Sample::Verbatim(text) => string(out, '=', format!("txt:{text}").as_bytes()),
        Sample::Array(items) => elements(out, '*', items, version, before),
        Sample::Set(items) => elements(out, '~', items, version, before),
        // No server writes a push message into another.
        Sample::Push(items) => elements(out, '>', items, version, &mut |_| {}),
        Sample::Map(pairs) => entries(out, '%', pairs, version, before),
        Sample::Described(about, reply) => {
            entries(out, '|', about, version, before);
            before(out);
            encode_with(reply, version, out, before);
        }
    }
}

fn head(out: &mut Vec<u8>, kind: char, rest: impl std::fmt::Display) {
    out.extend_from_slice(format!("{kind}{rest}\r\n").as_bytes());
}

fn string(out: &mut Vec<u8>, kind: char, value: &[u8]) {
    head(out, kind, value.len());
    out.extend_from_slice(value);
    out.extend_from_slice(b"\r\n");
}

fn elements(out: &mut Vec<u8>, kind: char, items: &[Sample], version: Version, before: Before<'_>) {
    head(out, kind, items.len());
    for item in items {
        before(out);
        encode_with(item, version, out, before);
    }
}

fn entries(out: &mut Vec<u8>, kind: char, pairs: &[(Sample, Sample)], version: Version, before: Before<'_>) {
    head(out, kind, pairs.len());
    for item in pairs.iter().flat_map(|(key, value)| [key, value]) {
        before(out);
        encode_with(item, version, out, before);
    }
}

/// Encodes successive replies with push messages before some of their elements. Returns the bytes and the messages.
pub(crate) fn encode_with_pushes(random: &mut Rng, samples: &[Sample]) -> (Vec<u8>, Vec<Vec<u8>>) {
    let (mut bytes, mut pushes) = (Vec::new(), Vec::new());
    for sample in samples {
        let start = bytes.len();
        let one_in = random.u8(1..6);
        encode_with(sample, Version::Resp3, &mut bytes, &mut |out| {
            while random.u8(0..one_in + 1) == 0 {
                let push = Sample::Push((0..random.usize(0..3)).map(|_| element(random, Version::Resp3, 3)).collect());
                let start = out.len();
                encode(&push, Version::Resp3, out);
                pushes.push(out[start..].to_vec());
            }
        });
        if let Sample::Push(_) = sample {
            pushes.push(bytes[start..].to_vec());
        }
    }
    (bytes, pushes)
}
