#!/usr/bin/env bash
# The decoder of the crate redis-protocol refuses valid RESP3 replies, and keeps one of two equal keys at random.
#
# One would guess: a decoder of RESP3 decodes what the specification allows, in order, or says that it is not
#   supported.
# What happens: a set that holds arrays or maps is an error, because its frames are keys of a HashSet; so COMMAND INFO
#   of Redis from 7.0 on, whose key specifications are sets of maps, cannot be read. So is an array as a map's key,
#   and an attribute before a null. Of two pairs with one key now the first is kept, now the second: the pairs pass
#   through a HashMap by their position in the reply before they are put into one by their keys.
# Seen on: redis-protocol 6.0.0, and the reply of Redis 8.2.3.
. "$(dirname "$0")/lib.sh"

cargo_program decode 'redis-protocol = { version = "=6.0.0", default-features = false, features = ["std", "resp2", "resp3"] }' <<'EOF'
use redis_protocol::resp3::{
    decode::complete::decode,
    types::{OwnedFrame, Resp3Frame},
};
use std::{
    collections::BTreeSet,
    io::{Read, Write},
};

fn show(frame: &OwnedFrame) -> String {
    match frame {
        OwnedFrame::Map { data, .. } => data.iter().map(|(key, value)| format!("{}: {}", show(key), show(value))).collect(),
        OwnedFrame::SimpleString { data, .. } => String::from_utf8_lossy(data).into_owned(),
        OwnedFrame::Number { data, .. } => data.to_string(),
        other => format!("{:?}", other.kind()),
    }
}

fn decoded(reply: &[u8]) -> String {
    match decode(reply) {
        Ok(Some((frame, _))) => show(&frame),
        Ok(None) => "incomplete".to_owned(),
        Err(error) => format!("error: {:?}", error.kind()),
    }
}

fn main() {
    for (name, reply) in [
        ("a set of a text", "~1\r\n+a\r\n"),
        ("a set of an array", "~1\r\n*1\r\n+a\r\n"),
        ("a set of a map", "~1\r\n%1\r\n+a\r\n+b\r\n"),
        ("a map with an array as key", "%1\r\n*1\r\n+a\r\n+b\r\n"),
        ("an attribute before an integer", "|1\r\n+ttl\r\n:1\r\n:5\r\n"),
        ("an attribute before a null", "|1\r\n+ttl\r\n:1\r\n_\r\n"),
    ] {
        println!("{name}: {}", decoded(reply.as_bytes()));
    }
    let values: BTreeSet<String> = (0..200).map(|_| decoded(b"%2\r\n+k\r\n:1\r\n+k\r\n:2\r\n")).collect();
    println!("200 times the map k: 1, k: 2: {values:?}");
    let mut server = std::net::TcpStream::connect(format!("127.0.0.1:{}", std::env::args().nth(1).unwrap())).unwrap();
    let mut replies = Vec::new();
    server.write_all(b"HELLO 3\r\nCOMMAND INFO GET\r\nQUIT\r\n").unwrap();
    server.read_to_end(&mut replies).unwrap();
    let hello = decode(&replies).unwrap().unwrap().1;
    println!("COMMAND INFO GET: {}", decoded(&replies[hello..]));
}
EOF
start redis-8.2.3
expect_output "$program" "$port" <<'EOF'
a set of a text: Set
a set of an array: error: DecodeError
a set of a map: error: DecodeError
a map with an array as key: error: DecodeError
an attribute before an integer: 5
an attribute before a null: error: DecodeError
200 times the map k: 1, k: 2: {"k: 1", "k: 2"}
COMMAND INFO GET: error: DecodeError
EOF
