//! Arbitrary bytes from a server, in arbitrary pieces, scanned and decoded as every shape of reply.

#![no_main]

#[path = "../../tests/replies/judge.rs"]
mod judge;

libfuzzer_sys::fuzz_target!(|input: &[u8]| judge::judge(input));
