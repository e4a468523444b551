//! Generates random valid replies together with the values that they decode to.

use bytes::Bytes;
use fastrand::Rng;
use typedis::Value;

/// Writes a random reply, in RESP2 or RESP3, and returns the value that it must decode to.
pub fn reply(random: &mut Rng, depth: usize, out: &mut Vec<u8>) -> Value {
    if random.u8(..) < 8 {
        attribute(random, out);
    }
    match random.u8(..if depth == 0 { 9 } else { 13 }) {
        0 => null(random, out),
        1 => {
            let flag = random.bool();
            line(out, '#', if flag { "t" } else { "f" });
            Value::Flag(flag)
        }
        2 | 3 => {
            let integer = if random.bool() { random.i64(..) } else { random.i64(-9..9) };
            line(out, ':', integer);
            Value::Integer(integer)
        }
        4 => {
            let double = (random.f64() - 0.5) * 1e6;
            line(out, ',', double);
            Value::Double(double)
        }
        5 => {
            let mut word = word(random);
            if random.u8(..) < 40 {
                // Only CR LF ends the line.
                word.insert_str(0, ["\n", "\r", "\n+OK"][random.usize(..3)]);
            }
            line(out, '+', &word);
            Value::Status(word.into())
        }
        6 => {
            let number = format!("{}{}", random.u64(..), random.u64(..));
            line(out, '(', &number);
            Value::Bulk(number.into())
        }
        7 => {
            let text = word(random);
            bulk(out, '=', format!("txt:{text}").as_bytes());
            Value::Bulk(text.into())
        }
        8 => {
            let bytes = bytes(random);
            bulk(out, '$', &bytes);
            Value::Bulk(Bytes::from(bytes))
        }
        9 | 10 => Value::Array(elements(random, '*', depth, out)),
        11 => Value::Set(elements(random, '~', depth, out)),
        _ => map(random, depth, out),
    }
}

/// Writes a push message, which is the reply to no command and holds no other push message.
pub fn push(random: &mut Rng, out: &mut Vec<u8>) {
    if random.bool() {
        out.extend_from_slice(b">2\r\n$10\r\ninvalidate\r\n*2\r\n+key\r\n%1\r\n_\r\n*0\r\n");
        return;
    }
    let count = random.usize(..4);
    line(out, '>', count);
    for _ in 0..count {
        reply(random, 0, out);
    }
}

/// Writes an element of an aggregate, which some servers write push messages before.
fn element(random: &mut Rng, depth: usize, out: &mut Vec<u8>) -> Value {
    while random.u8(..) < 20 {
        push(random, out);
    }
    reply(random, depth - 1, out)
}

fn null(random: &mut Rng, out: &mut Vec<u8>) -> Value {
    out.extend_from_slice([&b"_\r\n"[..], b"$-1\r\n", b"*-1\r\n"][random.usize(..3)]);
    Value::Null
}

fn attribute(random: &mut Rng, out: &mut Vec<u8>) {
    line(out, '|', 1);
    line(out, '+', word(random));
    reply(random, 0, out);
}

fn elements(random: &mut Rng, kind: char, depth: usize, out: &mut Vec<u8>) -> Vec<Value> {
    let count = random.usize(..6);
    line(out, kind, count);
    (0..count).map(|_| element(random, depth, out)).collect()
}

fn map(random: &mut Rng, depth: usize, out: &mut Vec<u8>) -> Value {
    let count = random.usize(..4);
    line(out, '%', count);
    Value::Map((0..count).map(|_| (element(random, depth, out), element(random, depth, out))).collect())
}

fn word(random: &mut Rng) -> String {
    (0..random.usize(..12)).map(|_| random.alphanumeric()).collect()
}

/// Random bytes, many of them protocol markers, so that decoders are led into themselves.
fn bytes(random: &mut Rng) -> Vec<u8> {
    let length = if random.u8(..) == 0 { random.usize(..20_000) } else { random.usize(..24) };
    (0..length).map(|_| if random.bool() { b"\r\n$*:-1"[random.usize(..7)] } else { random.u8(..) }).collect()
}

fn line(out: &mut Vec<u8>, kind: char, text: impl std::fmt::Display) {
    out.extend_from_slice(format!("{kind}{text}\r\n").as_bytes());
}

fn bulk(out: &mut Vec<u8>, kind: char, bytes: &[u8]) {
    line(out, kind, bytes.len());
    out.extend_from_slice(bytes);
    out.extend_from_slice(b"\r\n");
}
