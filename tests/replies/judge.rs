//! Properties of the decoder that hold for any bytes, shared by the fuzz target and `tests/replies`.

use bytes::Bytes;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt::Debug,
    time::SystemTime,
};
use typedis::{
    __private::fuzz_api::{Message, ReplyStream, read_reply, reader, unread},
    Value,
    commands::{Digest, FieldTtl, Incremented},
    reply::{
        Any, Array, Bulk, DecodeError, Double, Flag, FromReply, Integer, Map, Nullable, Pairs, Single, Status, Tuple,
    },
};

/// The most bytes, elements and depth of a reply.
type Limits = (usize, usize, usize);

const LIMITS: [Limits; 3] = [(1 << 20, 1 << 16, 64), (64, 8, 4), (512, 64, 16)];

/// Judges an input of the fuzzer: the first byte chooses the limits, the second the length of the pieces, and the rest
/// are the server's bytes.
pub fn judge(input: &[u8]) {
    let [limits, piece, bytes @ ..] = input else { return };
    let limits = LIMITS[usize::from(*limits) % LIMITS.len()];
    let (whole, refused) = replies(bytes, bytes.len().max(1), limits);
    let in_pieces = replies(bytes, usize::from(*piece).max(1), limits);
    assert_eq!((&whole, refused), (&in_pieces.0, in_pieces.1), "cut otherwise, read otherwise");
    for reply in &whole {
        let (Message::Reply(bytes) | Message::Push(bytes)) = reply;
        assert!(bytes.len() <= limits.0, "a reply of {} bytes passed a limit of {}", bytes.len(), limits.0);
    }
    whole.iter().for_each(read_as_everything);
}

/// The complete replies in bytes that arrive in pieces, and whether an error ended them.
pub fn replies(bytes: &[u8], piece: usize, (most, elements, depth): Limits) -> (Vec<Message>, bool) {
    let mut stream = ReplyStream::new(most, elements, depth);
    let mut found = Vec::new();
    let refused = bytes.chunks(piece).any(|piece| stream.feed(piece, &mut found).is_err());
    (found, refused)
}

/// Decodes one reply, which must be consumed to its end whether decoding succeeds or fails.
pub fn read<S, T: FromReply<S>>(reply: &Bytes) -> Result<T, DecodeError> {
    let mut reader = reader(reply);
    let value = read_reply(&mut reader, T::read);
    assert_eq!(unread(&reader), 0, "{} left bytes unread of {reply:?}", std::any::type_name::<T>());
    value
}

fn read_as_everything(message: &Message) {
    let reply = match message {
        Message::Reply(reply) => reply,
        Message::Push(push) => {
            assert!(read::<Any, Value>(push).is_err(), "a push message was taken for a reply");
            return;
        }
    };
    let value = read::<Any, Value>(reply);
    strings_agree(reply, &value);
    numbers_agree(reply, &value);
    collections_agree(reply, &value);
    // There is no value to compare these with, so they must only terminate.
    let _ = read::<Status, ()>(reply);
    let _ = read::<Nullable<Status>, bool>(reply);
    let _ = read::<Flag, bool>(reply);
    let _ = read::<Double, f64>(reply);
    let _ = read::<Bulk, u128>(reply);
    let _ = read::<Integer, u8>(reply);
    let _ = read::<Integer, SystemTime>(reply);
    let _ = read::<Tuple<(Bulk, Bulk)>, SystemTime>(reply);
    let _ = read::<Tuple<(Bulk, Array<Bulk>)>, (u64, Vec<String>)>(reply);
    let _ = read::<Array<Nullable<Bulk>>, Vec<Option<String>>>(reply);
    let _ = read::<Single<Nullable<Bulk>>, Option<String>>(reply);
    let _ = read::<Single<Integer>, FieldTtl>(reply);
    let _ = read::<Tuple<(Double, Double)>, Incremented<f64>>(reply);
    let _ = read::<Nullable<Bulk>, Option<Digest>>(reply);
    let _ = read::<Array<Array<Integer>>, Vec<BTreeSet<i64>>>(reply);
    let _ = read::<Array<Bulk>, [Bytes; 3]>(reply);
    let _ = read::<Map<Bulk, Bulk>, HashMap<String, Bytes>>(reply);
    let _ = read::<Map<Bulk, Nullable<Bulk>>, BTreeMap<String, Option<i64>>>(reply);
    let _ = read::<Pairs<Bulk, Double>, Vec<(String, f64)>>(reply);
    let _ = read::<Pairs<Bulk, Double>, Option<(Bytes, f64)>>(reply);
}

fn strings_agree(reply: &Bytes, value: &Result<Value, DecodeError>) {
    let bytes = read::<Bulk, Bytes>(reply);
    match (value, &bytes) {
        (Ok(Value::Bulk(bulk)), found) => assert_eq!(found.as_ref(), Ok(bulk)),
        (Ok(Value::Null | Value::Array(_) | Value::Set(_) | Value::Map(_)), found) => assert!(found.is_err()),
        (Err(DecodeError::Server(error)), Err(DecodeError::Server(same))) => assert_eq!(error, same),
        _ => {}
    }
    let text = read::<Bulk, String>(reply);
    match (&bytes, text) {
        (Ok(bytes), Ok(text)) => assert_eq!(bytes, text.as_bytes()),
        (Ok(bytes), Err(_)) => assert!(std::str::from_utf8(bytes).is_err()),
        (Err(_), text) => assert!(text.is_err()),
    }
    let free = read::<Any, Vec<u8>>(reply);
    // An array of what is no value, such as a boolean `3`, may be one of numbers.
    if matches!(value, Ok(other) if !matches!(other, Value::Array(_) | Value::Set(_))) {
        assert_eq!(free.ok(), bytes.as_ref().ok().map(|bytes| bytes.to_vec()));
    }
    let perhaps = read::<Nullable<Bulk>, Option<Bytes>>(reply);
    match value {
        Ok(Value::Null) => assert_eq!(perhaps, Ok(None)),
        _ => assert_eq!(perhaps, bytes.map(Some)),
    }
}

fn numbers_agree(reply: &Bytes, value: &Result<Value, DecodeError>) {
    let number = read::<Integer, i64>(reply);
    match (value, &number) {
        (Ok(Value::Integer(integer)), found) => assert_eq!(found.as_ref(), Ok(integer)),
        (Ok(Value::Bulk(bulk)), Ok(found)) => assert_eq!(text(bulk).parse(), Ok(*found)),
        _ => {}
    }
    match (number, read::<Integer, u8>(reply)) {
        (Ok(number), small) => assert_eq!(small.ok(), u8::try_from(number).ok()),
        (Err(_), small) => assert!(small.is_err()),
    }
}

fn collections_agree(reply: &Bytes, value: &Result<Value, DecodeError>) {
    let list = read::<Array<Any>, Vec<Value>>(reply);
    match value {
        Ok(Value::Array(items) | Value::Set(items)) => same(&list, items),
        Ok(_) => assert!(list.is_err()),
        Err(_) => {}
    }
    let pairs = read::<Any, Vec<(Value, Value)>>(reply);
    if let Ok(Value::Map(found)) = value {
        same(&pairs, found);
    }
    let map = read::<Map<Any, Any>, Vec<(Value, Value)>>(reply);
    match value {
        Ok(Value::Map(pairs)) => same(&map, pairs),
        Ok(Value::Array(items)) if items.len() % 2 == 0 => {
            let pairs: Vec<_> = items.chunks(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect();
            same(&map, &pairs);
        }
        Ok(_) => assert!(map.is_err()),
        Err(_) => {}
    }
}

/// Compares by the debug text, because NaN does not equal NaN.
fn same<T: Debug>(found: &Result<T, DecodeError>, wanted: &T) {
    assert_eq!(found.as_ref().map(|found| format!("{found:?}")), Ok(format!("{wanted:?}")));
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("what is read as a number is text")
}
