//! Differential tests: our reader and the decoders of redis-protocol must decode the same bytes to the same value.
//!
//! redis-protocol gets only bytes that the scanner has found to be whole and well formed. In RESP3 redis-protocol takes `$-1` for
//! the start of a stream and forgets the order of a map, so the samples write null as `_`, and maps are compared sorted.

use super::{Any, FromReply, Value};
use crate::resp::{
    DecodeError, Found, Limits, Reader, Scanner,
    sample::{self, Sample, Version},
};
use bytes::Bytes;
use fastrand::Rng;
use redis_protocol::{resp2, resp3};

/// A value, or the text of the first error of the server in it.
type Decoded = Result<Value, String>;

#[test]
fn random_replies_of_resp2_are_the_same_to_both_readers() {
    for seed in 0..5000 {
        compare(seed, Version::Resp2, |bytes| match resp2::decode::decode(bytes) {
            Ok(Some((frame, length))) => (from_resp2(frame), length),
            other => panic!("seed {seed}: {other:?}"),
        });
    }
}

#[test]
fn random_replies_of_resp3_are_the_same_to_both_readers() {
    for seed in 0..5000 {
        compare(seed, Version::Resp3, |bytes| match resp3::decode::complete::decode(bytes) {
            Ok(Some((frame, length))) => (from_resp3(frame), length),
            other => panic!("seed {seed}: {other:?}"),
        });
    }
}

/// Compares three decodings of random replies: the samples themselves, our reader's, and that of `theirs`, which returns
/// the number of bytes that it consumed too.
fn compare(seed: u64, version: Version, theirs: impl Fn(&[u8]) -> (Decoded, usize)) {
    let samples = sample::replies(&mut Rng::with_seed(seed), version);
    let mut bytes = Vec::new();
    samples.iter().for_each(|sample| sample::encode(sample, version, &mut bytes));
    let bytes = Bytes::from(bytes);
    let (mut scanner, mut reader, mut start) = (Scanner::new(Limits::default()), Reader::new(&bytes), 0);
    for sample in samples {
        let found = scanner.next(&bytes).unwrap().expect("the reply is whole");
        let (Found::Reply(end) | Found::Push(end)) = found;
        let (theirs_decoded, taken) = theirs(&bytes[start..end]);
        assert_eq!(taken, end - start, "seed {seed}: {sample:?}");
        start = end;
        // Our reader skips pushes, which are no replies.
        if let Found::Reply(_) = found {
            let meant = meant(sample);
            let ours = reader.read_reply(Value::read).map_err(error_text);
            assert_eq!(ours, meant, "seed {seed}: what was read is not what was meant");
            assert_eq!(sorted(ours), sorted(theirs_decoded), "seed {seed}: redis-protocol reads something else");
        }
    }
    assert_eq!(scanner.next(&bytes), Ok(None), "seed {seed}");
}

#[test]
fn pushes_within_replies_change_no_value() {
    for seed in 0..3000 {
        let mut random = Rng::with_seed(seed);
        let samples = sample::replies(&mut random, Version::Resp3);
        let bytes = Bytes::from(sample::encode_with_pushes(&mut random, &samples).0);
        let (mut reader, mut skipping) = (Reader::new(&bytes), Reader::new(&bytes));
        for sample in samples.into_iter().filter(|sample| !matches!(sample, Sample::Push(_))) {
            assert_eq!(reader.read_reply(Value::read).map_err(error_text), meant(sample), "seed {seed}");
            skipping.skip().unwrap();
            assert_eq!(skipping.position(), reader.position(), "seed {seed}");
        }
    }
}

fn error_text(error: DecodeError) -> String {
    match error {
        DecodeError::Server(error) => error.message().to_owned(),
        DecodeError::Mismatch(reason) => panic!("a reply of any shape can be read as a value, but {reason}"),
    }
}

fn meant(sample: Sample) -> Decoded {
    Ok(match sample {
        Sample::Null => Value::Null,
        Sample::Flag(flag) => Value::Flag(flag),
        Sample::Integer(value) => Value::Integer(value),
        Sample::Double(value) => Value::Double(value),
        Sample::BigNumber(digits) => Value::Bulk(digits.into()),
        Sample::Status(text) => Value::Status(text.into()),
        Sample::Bulk(value) => Value::Bulk(value.into()),
        Sample::Verbatim(text) => Value::Bulk(text.into()),
        Sample::Error(text) | Sample::BulkError(text) => return Err(text),
        Sample::Array(items) | Sample::Push(items) => Value::Array(all(items, meant)?),
        Sample::Set(items) => Value::Set(all(items, meant)?),
        Sample::Map(pairs) => Value::Map(both(pairs, meant)?),
        Sample::Described(_, reply) => meant(*reply)?,
    })
}

fn from_resp2(frame: resp2::types::OwnedFrame) -> Decoded {
    use resp2::types::OwnedFrame;
    Ok(match frame {
        OwnedFrame::SimpleString(text) => Value::Status(utf8(text).into()),
        OwnedFrame::Error(text) => return Err(text),
        OwnedFrame::Integer(value) => Value::Integer(value),
        OwnedFrame::BulkString(value) => Value::Bulk(value.into()),
        OwnedFrame::Array(items) => Value::Array(all(items, from_resp2)?),
        OwnedFrame::Null => Value::Null,
    })
}

fn from_resp3(frame: resp3::types::OwnedFrame) -> Decoded {
    use resp3::types::OwnedFrame;
    Ok(match frame {
        OwnedFrame::Null => Value::Null,
        OwnedFrame::Boolean { data, .. } => Value::Flag(data),
        OwnedFrame::Number { data, .. } => Value::Integer(data),
        OwnedFrame::Double { data, .. } => Value::Double(data),
        OwnedFrame::SimpleString { data, .. } => Value::Status(utf8(data).into()),
        OwnedFrame::BlobString { data, .. }
        | OwnedFrame::BigNumber { data, .. }
        | OwnedFrame::VerbatimString { data, .. } => Value::Bulk(data.into()),
        OwnedFrame::SimpleError { data, .. } => return Err(data),
        OwnedFrame::BlobError { data, .. } => return Err(utf8(data)),
        OwnedFrame::Array { data, .. } | OwnedFrame::Push { data, .. } => Value::Array(all(data, from_resp3)?),
        OwnedFrame::Set { data, .. } => Value::Set(all(data, from_resp3)?),
        OwnedFrame::Map { data, .. } => Value::Map(both(data, from_resp3)?),
        other => panic!("no server sends {other:?}"),
    })
}

fn utf8(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("the samples' texts are UTF-8")
}

fn all<T>(items: impl IntoIterator<Item = T>, read: fn(T) -> Decoded) -> Result<Vec<Value>, String> {
    items.into_iter().map(read).collect()
}

fn both<T>(pairs: impl IntoIterator<Item = (T, T)>, read: fn(T) -> Decoded) -> Result<Vec<(Value, Value)>, String> {
    pairs.into_iter().map(|(key, value)| Ok((read(key)?, read(value)?))).collect()
}

/// Formats a value with its sets and maps sorted; as text, even -0.0 and 0.0 differ.
fn sorted(decoded: Decoded) -> Result<String, String> {
    decoded.map(|value| format!("{:?}", in_order(value)))
}

fn in_order(value: Value) -> Value {
    let shown = |value: &Value| format!("{value:?}");
    match value {
        Value::Array(items) => Value::Array(items.into_iter().map(in_order).collect()),
        Value::Set(items) => {
            let mut items: Vec<_> = items.into_iter().map(in_order).collect();
            items.sort_by_key(shown);
            Value::Set(items)
        }
        Value::Map(pairs) => {
            let mut pairs: Vec<_> = pairs.into_iter().map(|(key, value)| (in_order(key), in_order(value))).collect();
            pairs.sort_by_key(|(key, _)| shown(key));
            Value::Map(pairs)
        }
        other => other,
    }
}

#[test]
fn damaged_replies_that_the_scanner_lets_through_can_be_read_or_are_a_fault() {
    let limits = Limits { bytes: 2000, elements: 50, depth: 6 };
    const SIGNS: &[u8] = b"0123456789\r\n*$%|~_#,";
    let mut read = 0;
    for seed in 0..10_000 {
        let mut random = Rng::with_seed(seed);
        let version = if seed % 2 == 0 { Version::Resp2 } else { Version::Resp3 };
        let mut bytes = Vec::new();
        sample::replies(&mut random, version).iter().for_each(|sample| sample::encode(sample, version, &mut bytes));
        for _ in 0..random.usize(1..4) {
            let at = random.usize(..bytes.len());
            bytes[at] = if random.bool() { random.u8(..) } else { SIGNS[random.usize(..SIGNS.len())] };
        }
        let (bytes, mut scanner, mut start) = (Bytes::from(bytes), Scanner::new(limits), 0);
        while let Ok(Some(Found::Reply(end) | Found::Push(end))) = scanner.next(&bytes) {
            let reply = bytes.slice(start..end);
            start = end;
            read += 1;
            // No method may panic, or read beyond the end.
            let _ = <Value as FromReply<Any>>::read(&mut Reader::new(&reply));
            let reads: [fn(&mut Reader<'_>) -> Result<(), DecodeError>; 9] = [
                |reader| reader.bytes().map(drop),
                |reader| reader.text().map(drop),
                |reader| reader.integer().map(drop),
                |reader| reader.double().map(drop),
                |reader| reader.flag().map(drop),
                |reader| reader.array().map(drop),
                |reader| reader.map().map(drop),
                |reader| reader.null().map(drop),
                |reader| reader.kind().map(drop),
            ];
            for read in reads {
                let mut reader = Reader::new(&reply);
                let _ = reader.read_reply(read);
                assert!(reader.rest().len() <= reply.len());
            }
        }
    }
    assert!(read > 5_000, "too few were let through to prove anything: {read}");
}
