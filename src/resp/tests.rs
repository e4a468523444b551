//! The scanner on random replies, however they are cut, and on bytes that are none.

use super::{
    Found, Limits, Scanner,
    sample::{self, Sample, Version},
    scan,
};
use fastrand::Rng;

const VERSIONS: [Version; 2] = [Version::Resp2, Version::Resp3];

const SMALL: Limits = Limits { bytes: 2000, elements: 50, depth: 6 };

/// The bytes of random replies, and where each of them ends.
fn stream(random: &mut Rng, version: Version) -> (Vec<u8>, Vec<Found>) {
    let (mut bytes, mut ends) = (Vec::new(), Vec::new());
    for reply in sample::replies(random, version) {
        sample::encode(&reply, version, &mut bytes);
        let end = bytes.len();
        ends.push(if matches!(reply, Sample::Push(_)) { Found::Push(end) } else { Found::Reply(end) });
    }
    (bytes, ends)
}

fn scan(scanner: &mut Scanner, buffer: &[u8]) -> Vec<Found> {
    std::iter::from_fn(|| scanner.next(buffer).expect("what the server sends is well formed")).collect()
}

fn end_of(found: Found) -> usize {
    let (Found::Reply(end) | Found::Push(end)) = found;
    end
}

#[test]
fn random_replies_end_where_they_were_written_to_end() {
    for seed in 0..3000 {
        for version in VERSIONS {
            let (bytes, ends) = stream(&mut Rng::with_seed(seed), version);
            assert_eq!(scan(&mut Scanner::new(Limits::default()), &bytes), ends, "seed {seed}, {version:?}");
            let mut at = 0;
            for Found::Reply(end) | Found::Push(end) in ends {
                assert_eq!(scan::skip(&bytes, at), Some(end), "seed {seed}, {version:?}");
                at = end;
            }
        }
    }
}

#[test]
fn replies_that_are_passed_at_once_end_where_they_do_one_by_one() {
    let mut passed = 0;
    for seed in 0..1000 {
        for version in VERSIONS {
            let (bytes, ends) = stream(&mut Rng::with_seed(seed), version);
            let (mut scanner, mut found, cut) = (Scanner::new(Limits::default()), 0, seed as usize % (bytes.len() + 1));
            for part in [&bytes[..cut], &bytes] {
                loop {
                    let (count, end) = scanner.skip_simple(part, 2);
                    if count > 0 {
                        assert_eq!(ends[found + count - 1], Found::Reply(end), "seed {seed}, {version:?}");
                    }
                    (found, passed) = (found + count, passed + count);
                    let Some(next) = scanner.next(part).expect("what the server sends is well formed") else { break };
                    assert_eq!(next, ends[found], "seed {seed}, {version:?}");
                    found += 1;
                }
            }
            assert_eq!(found, ends.len(), "seed {seed}, {version:?}");
        }
    }
    assert!(passed > 100, "only {passed} were passed");
}

#[test]
fn a_cut_anywhere_changes_no_end() {
    for seed in 0..150 {
        for version in VERSIONS {
            let (bytes, ends) = stream(&mut Rng::with_seed(seed), version);
            for cut in 0..bytes.len() {
                let mut scanner = Scanner::new(Limits::default());
                let mut found = scan(&mut scanner, &bytes[..cut]);
                assert_eq!(found, ends[..found.len()], "seed {seed}, {version:?}, cut at {cut}");
                assert!(ends.get(found.len()).is_none_or(|next| end_of(*next) > cut), "a whole reply is not found");
                found.extend(scan(&mut scanner, &bytes));
                assert_eq!(found, ends, "seed {seed}, {version:?}, cut at {cut}");
            }
        }
    }
}

#[test]
fn many_cuts_and_a_buffer_that_is_emptied_in_between_change_no_end() {
    for seed in 0..1000 {
        for version in VERSIONS {
            let mut random = Rng::with_seed(seed);
            let (bytes, ends) = stream(&mut random, version);
            let (mut scanner, mut buffer, mut gone, mut found) =
                (Scanner::new(Limits::default()), Vec::new(), 0, vec![]);
            let mut rest = &bytes[..];
            while !rest.is_empty() {
                let (piece, behind) = rest.split_at(random.usize(1..=rest.len().min(20)));
                buffer.extend_from_slice(piece);
                rest = behind;
                let here = scan(&mut scanner, &buffer);
                let Some(Found::Reply(last) | Found::Push(last)) = here.last().copied() else { continue };
                found.extend(here.into_iter().map(|end| match end {
                    Found::Reply(end) => Found::Reply(gone + end),
                    Found::Push(end) => Found::Push(gone + end),
                }));
                buffer.drain(..last);
                scanner.consumed(last);
                gone += last;
            }
            assert_eq!(found, ends, "seed {seed}, {version:?}");
        }
    }
}

/// Feeds `bytes` in pieces, as a connection would, until they are refused or all is read. Returns how much of them was
/// whole replies.
fn feed(random: &mut Rng, bytes: &[u8]) -> usize {
    let mut scanner = Scanner::new(SMALL);
    let (mut fed, mut end) = (0, 0);
    while fed < bytes.len() {
        fed = (fed + random.usize(1..40)).min(bytes.len());
        loop {
            match scanner.next(&bytes[..fed]) {
                Ok(Some(Found::Reply(next) | Found::Push(next))) => {
                    assert!(next > end && next <= fed);
                    assert_eq!(scan::skip(bytes, end), Some(next), "{:?}", bytes[end..next].escape_ascii().to_string());
                    end = next;
                }
                Ok(None) => break,
                Err(_) => return end,
            }
        }
        assert!(fed - end <= SMALL.bytes, "the buffer grows beyond the limit");
        assert!(scanner.capacity() <= 4 * SMALL.depth, "the scanner itself does");
    }
    end
}

#[test]
fn random_bytes_are_refused_or_read_within_bounds() {
    let tokens: [&[u8]; 20] = [
        b"*", b"$", b"%", b"~", b">", b"|", b"=", b"!", b":", b"+", b"_", b"#t", b",1", b"-1", b"0", b"1", b"3",
        b"99999", b"\r\n", b"\xff\0",
    ];
    let mut read = 0;
    for seed in 0..10_000 {
        let mut random = Rng::with_seed(seed);
        let bytes: Vec<u8> = (0..random.usize(1..200))
            .flat_map(|n| {
                // Often a line end, so that some of it is well formed.
                let token = if n % 3 == 2 && random.u8(..4) > 0 { 18 } else { random.usize(..tokens.len()) };
                tokens[token].iter().copied()
            })
            .collect();
        read += feed(&mut random, &bytes);
    }
    assert!(read > 10_000, "too little was well formed to prove anything: {read} bytes");
}

#[test]
fn replies_with_damage_are_refused_or_read_within_bounds() {
    let mut read = 0;
    for seed in 0..10_000 {
        let mut random = Rng::with_seed(seed);
        let (mut bytes, _) = stream(&mut random, VERSIONS[(seed % 2) as usize]);
        for _ in 0..random.usize(1..5) {
            let at = random.usize(..bytes.len());
            match random.u8(..4) {
                0 => bytes[at] = random.u8(..),
                1 => bytes.insert(at, b"0123456789\r\n*$"[random.usize(..14)]),
                2 => drop(bytes.drain(at..bytes.len().min(at + random.usize(1..4)))),
                _ => bytes.extend_from_within(at..),
            }
            if bytes.is_empty() {
                break;
            }
        }
        read += feed(&mut random, &bytes);
    }
    assert!(read > 10_000, "too little was well formed to prove anything: {read} bytes");
}

#[test]
fn what_is_announced_and_never_comes_takes_no_memory() {
    let lines: [&[u8]; 4] = [b"*50\r\n", b"%25\r\n", b"$2000\r\n", b"|24\r\n"];
    for line in lines {
        let mut scanner = Scanner::new(SMALL);
        assert_eq!(scanner.next(line), Ok(None));
        assert!(scanner.capacity() <= 4 * SMALL.depth);
    }
    for line in [&b"*51\r\n"[..], b"%26\r\n", b"$2001\r\n", b"|25\r\n", &b"+".repeat(2001), &b"*1\r\n".repeat(7)] {
        assert!(Scanner::new(SMALL).next(line).is_err(), "{:?}", line.escape_ascii().to_string());
    }
}
