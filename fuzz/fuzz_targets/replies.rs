//! Any bytes of a server, in any pieces, read as everything there is.

#![no_main]

#[path = "../../tests/replies/judge.rs"]
mod judge;

libfuzzer_sys::fuzz_target!(|input: &[u8]| judge::judge(input));
