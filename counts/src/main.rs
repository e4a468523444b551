//! `typedis-counts INPUT TIMES` does one thing so often, and nothing else: the difference between two runs is what it
//! costs, to the instruction. `typedis-counts` alone lists the inputs.

use bytes::Bytes;
use std::{env, hint::black_box, process::ExitCode};
use typedis::{
    __private::bench_support::{count, read},
    Prepared, pipeline,
    reply::{Array, Bulk, Integer, Map},
};

/// A name, and what makes the input and returns the work on it.
type Input = (&'static str, fn() -> Box<dyn Fn()>);

const INPUTS: &[Input] = &[
    ("encode-transaction", || {
        let (key, counter) = (black_box("key:000001"), black_box("counter:1"));
        Box::new(move || {
            let batch: Prepared<_> = pipeline! { set(key, "hello"); incr(counter); get::<String>(key) };
            drop(black_box(batch));
        })
    }),
    ("encode-64-KiB", || {
        let value = vec![b'x'; 64 * 1024];
        Box::new(move || {
            let batch: Prepared<_> = pipeline! { set("key", &value) };
            drop(black_box(batch));
        })
    }),
    ("scan-1000-replies", || scanning(b"+OK\r\n$12\r\nvalue:000001\r\n".repeat(500), usize::MAX, 1000)),
    ("scan-100-transactions", || scanning(transaction().repeat(100), usize::MAX, 500)),
    ("scan-list", || scanning(list(), usize::MAX, 1)),
    ("scan-list-in-pieces", || scanning(list(), 8 * 1024, 1)),
    ("decode-list", || {
        let list = Bytes::from(list());
        Box::new(move || drop(black_box(read::<Array<Bulk>, Vec<String>>(black_box(&list)))))
    }),
    ("decode-map", || {
        let pairs = b"$12\r\nfield:000001\r\n$12\r\nvalue:000001\r\n".repeat(1000);
        let map = Bytes::from([b"%1000\r\n", &pairs[..]].concat());
        Box::new(move || drop(black_box(read::<Map<Bulk, Bulk>, Vec<(String, String)>>(black_box(&map)))))
    }),
    ("decode-integers", || {
        let integers = Bytes::from([&b"*1000\r\n"[..], &b":1234567\r\n".repeat(1000)].concat());
        Box::new(move || drop(black_box(read::<Array<Integer>, Vec<i64>>(black_box(&integers)))))
    }),
];

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
    let [name, times] = &arguments[..] else {
        INPUTS.iter().for_each(|(name, _)| println!("{name}"));
        return ExitCode::SUCCESS;
    };
    match (INPUTS.iter().find(|(known, _)| known == name), times.parse::<usize>()) {
        (Some((_, input)), Ok(times)) => {
            let work = input();
            (0..times).for_each(|_| work());
            ExitCode::SUCCESS
        }
        _ => ExitCode::from(2),
    }
}
