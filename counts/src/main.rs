//! `instruction-counts INPUT PASSES` encodes, scans or decodes one input, because the difference of two runs under
//! callgrind is the exact number of instructions of the passes. `instruction-counts` alone lists the inputs.

use bytes::Bytes;
use std::{env, hint::black_box, process::ExitCode};
use typedis::{
    __private::bench_support::{NodeLookup, count, read},
    HashFields, Prepared,
    commands::{geo::Kilometers, stream::StreamEntry},
    pipeline,
    reply::{Array, Bulk, Integer, Map, Nullable, Pairs, Tuple},
};

/// An input and the work on it.
struct Input {
    name: &'static str,
    /// Makes the input and returns one pass of the work.
    prepare: fn() -> Box<dyn Fn()>,
}

const fn input(name: &'static str, prepare: fn() -> Box<dyn Fn()>) -> Input {
    Input { name, prepare }
}

const INPUTS: &[Input] = &[
    input("encode-transaction", || {
        let (key, counter) = (black_box("key:000001"), black_box("counter:1"));
        Box::new(move || {
            let batch: Prepared<_> = pipeline! { set(key, "hello"); incr(counter); get::<String>(key) };
            drop(black_box(batch));
        })
    }),
    input("encode-64-KiB", || {
        let value = vec![b'x'; 64 * 1024];
        Box::new(move || {
            let batch: Prepared<_> = pipeline! { set("key", &value) };
            drop(black_box(batch));
        })
    }),
    input("scan-1000-replies", || scanning(b"+OK\r\n$12\r\nvalue:000001\r\n".repeat(500), usize::MAX, 1000)),
    input("scan-100-transactions", || scanning(transaction().repeat(100), usize::MAX, 500)),
    input("scan-list", || scanning(list(), usize::MAX, 1)),
    input("scan-list-in-pieces", || scanning(list(), 8 * 1024, 1)),
    input("decode-list", || {
        let list = Bytes::from(list());
        Box::new(move || drop(black_box(read::<Array<Bulk>, Vec<String>>(black_box(&list)))))
    }),
    input("decode-map", || {
        let pairs = b"$12\r\nfield:000001\r\n$12\r\nvalue:000001\r\n".repeat(1000);
        let map = Bytes::from([b"%1000\r\n", &pairs[..]].concat());
        Box::new(move || drop(black_box(read::<Map<Bulk, Bulk>, Vec<(String, String)>>(black_box(&map)))))
    }),
    input("decode-integers", || {
        let integers = Bytes::from([&b"*1000\r\n"[..], &b":1234567\r\n".repeat(1000)].concat());
        Box::new(move || drop(black_box(read::<Array<Integer>, Vec<i64>>(black_box(&integers)))))
    }),
    input("encode-entry", || {
        let order = order();
        Box::new(move || {
            let batch: Prepared<_> = pipeline! { xadd("stream", black_box(&order)) };
            drop(black_box(batch));
        })
    }),
    input("decode-1000-entries", || {
        let entry = [&b"*2\r\n$17\r\n1526919030474-123\r\n"[..], FIELDS].concat();
        let streams = Bytes::from([&b"*1\r\n*2\r\n$6\r\nstream\r\n*1000\r\n"[..], &entry.repeat(1000)].concat());
        Box::new(move || drop(black_box(read::<Streams, Vec<StreamEntry<Order>>>(black_box(&streams)))))
    }),
    input("decode-1000-structs", || {
        let hashes = Bytes::from([&b"*1000\r\n"[..], &FIELDS.repeat(1000)].concat());
        Box::new(move || drop(black_box(read::<Array<Map<Bulk, Bulk>>, Vec<Order>>(black_box(&hashes)))))
    }),
    input("decode-1000-places", || {
        let place = b"*2\r\n$12\r\nplace:000001\r\n$7\r\n93.1043\r\n";
        let places = Bytes::from([&b"*1000\r\n"[..], &place.repeat(1000)].concat());
        Box::new(move || drop(black_box(read::<Places, Vec<(String, Kilometers)>>(black_box(&places)))))
    }),
    input("find-1000-keys-of-3-nodes", || finding(3)),
    input("find-1000-keys-of-1000-nodes", || finding(1000)),
];

/// The fields of a hash and of an entry of a stream.
#[derive(HashFields)]
struct Order {
    number: u64,
    customer: String,
    item: String,
    quantity: u32,
}

fn order() -> Order {
    Order { number: 100_001, customer: "customer:000001".to_owned(), item: "item:000001".to_owned(), quantity: 11 }
}

/// The same on the wire.
const FIELDS: &[u8] = b"*8\r\n$6\r\nnumber\r\n$6\r\n100001\r\n$8\r\ncustomer\r\n$15\r\ncustomer:000001\r\n\
    $4\r\nitem\r\n$11\r\nitem:000001\r\n$8\r\nquantity\r\n$2\r\n11\r\n";

type Streams = Nullable<Pairs<Bulk, Array<Tuple<(Bulk, Map<Bulk, Bulk>)>>>>;
type Places = Array<Tuple<(Bulk, Bulk)>>;

/// Finds the node of each of 1000 keys among so many.
fn finding(nodes: u16) -> Box<dyn Fn()> {
    let keys: Vec<String> = (0..1000).map(|number| format!("key:{number:06}")).collect();
    let lookup = NodeLookup::new(nodes);
    Box::new(move || assert!(keys.iter().all(|key| lookup.find(black_box(key.as_bytes())))))
}

fn transaction() -> &'static [u8] {
    b"+OK\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n*3\r\n+OK\r\n:123\r\n$5\r\nhello\r\n"
}

fn list() -> Vec<u8> {
    [&b"*10000\r\n"[..], &b"$14\r\nelement:000001\r\n".repeat(10_000)].concat()
}

fn scanning(bytes: Vec<u8>, piece: usize, replies: usize) -> Box<dyn Fn()> {
    Box::new(move || assert_eq!(count(black_box(&bytes), piece), Some(replies)))
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [name, passes] = &arguments[..] else {
        INPUTS.iter().for_each(|input| println!("{}", input.name));
        return ExitCode::SUCCESS;
    };
    match (INPUTS.iter().find(|input| input.name == name), passes.parse::<usize>()) {
        (Some(input), Ok(passes)) => {
            let pass = (input.prepare)();
            (0..passes).for_each(|_| pass());
            ExitCode::SUCCESS
        }
        _ => ExitCode::from(2),
    }
}
