//! Tests of the scanner: random replies, cut anywhere, and bytes that are not RESP.

use super::{
    Found, Limits, Scanner, Skipped, ends_with_ok,
    sample::{self, Sample, Version},
    scan,
};
use fastrand::Rng;

const VERSIONS: [Version; 2] = [Version::Resp2, Version::Resp3];

const SMALL: Limits = Limits { bytes: 2000, elements: 50, depth: 6 };

/// Encodes random replies, and returns where each of them ends.
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

/// Skips what was found, whose first byte is at `at`.
fn skip(bytes: &[u8], at: usize, found: Found) -> Option<usize> {
    match found {
        Found::Reply(_) => scan::skip(bytes, at),
        Found::Push(_) => scan::skip_push(bytes, at),
    }
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
            for found in ends {
                assert_eq!(skip(&bytes, at, found), Some(end_of(found)), "seed {seed}, {version:?}");
                at = end_of(found);
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
                    let Skipped { count, end } = scanner.skip_simple(part, 2);
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

#[test]
fn an_error_at_any_depth_is_found_once() {
    let mut scanner = Scanner::new(Limits::default());
    let mut found = |replies: &str| {
        scan(&mut scanner, replies.as_bytes());
        scanner.consumed(replies.len());
        scanner.take_found_error()
    };
    for error in
        ["-ERR a\r\n", "*2\r\n:1\r\n-ERR b\r\n", "*1\r\n%1\r\n+a\r\n-ERR c\r\n", "-\r\n", "+OK\r\n-ERR e\r\n:1\r\n"]
    {
        assert!(found(error), "{error:?}");
        assert!(!found("+OK\r\n$4\r\n-ERR\r\n_\r\n*1\r\n:1\r\n"), "behind {error:?}");
    }
}

/// Feeds `bytes` in pieces, as a connection does, until they are refused or used up. Returns how many bytes were whole
/// replies.
fn feed(random: &mut Rng, bytes: &[u8]) -> usize {
    let mut scanner = Scanner::new(SMALL);
    let (mut fed, mut end) = (0, 0);
    while fed < bytes.len() {
        fed = (fed + random.usize(1..40)).min(bytes.len());
        loop {
            match scanner.next(&bytes[..fed]) {
                Ok(Some(found @ (Found::Reply(next) | Found::Push(next)))) => {
                    assert!(next > end && next <= fed);
                    let within_reply = scanner.is_within_reply();
                    let start = if within_reply { scanner.push_start() } else { end };
                    let shown = || bytes[start..next].escape_ascii().to_string();
                    assert_eq!(skip(bytes, start, found), Some(next), "{:?}", shown());
                    end = if within_reply { end } else { next };
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
                // Many line ends, so that some of the bytes are well formed.
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

const REPLIES: &[u8] = b"+OK\r\n$5\r\nhe\r\no\r\n*2\r\n:1\r\n*-1\r\n%1\r\n$1\r\na\r\n~1\r\n_\r\n>2\r\n+p\r\n+q\r\n|1\r\n+k\r\n+v\r\n#t\r\n";

fn ends(scanner: &mut Scanner, buffer: &[u8]) -> Vec<Found> {
    std::iter::from_fn(|| scanner.next(buffer).unwrap()).collect()
}

#[test]
fn ends_are_the_same_however_the_bytes_are_cut() {
    let whole = ends(&mut Scanner::new(Limits::default()), REPLIES);
    assert_eq!(whole.len(), 6);
    assert_eq!(whole[4], Found::Push(REPLIES.len() - 16));
    for size in 1..REPLIES.len() {
        let mut scanner = Scanner::new(Limits::default());
        let mut found = Vec::new();
        for end in (size..REPLIES.len()).step_by(size).chain([REPLIES.len()]) {
            found.extend(ends(&mut scanner, &REPLIES[..end]));
        }
        assert_eq!(found, whole, "in pieces of {size}");
    }
}

#[test]
fn a_push_within_a_reply_counts_as_no_element_however_the_bytes_are_cut() {
    let mut within_replies = 0;
    for seed in 0..300 {
        let mut random = Rng::with_seed(seed);
        let samples = sample::replies(&mut random, Version::Resp3);
        let (bytes, pushes) = sample::encode_with_pushes(&mut random, &samples);
        let replies = samples.iter().filter(|sample| !matches!(sample, Sample::Push(_))).count();
        within_replies += pushes.len() + replies - samples.len();
        for size in 1..=bytes.len().min(60) {
            let (mut scanner, mut ends, mut found) = (Scanner::new(Limits::default()), vec![], vec![]);
            for end in (size..bytes.len()).step_by(size).chain([bytes.len()]) {
                while let Some(next) = scanner.next(&bytes[..end]).expect("what the server sends is well formed") {
                    match next {
                        Found::Reply(end) => ends.push(end),
                        Found::Push(end) => found.push(&bytes[scanner.push_start()..end]),
                    }
                }
            }
            assert_eq!(found, pushes, "seed {seed}, in pieces of {size}");
            assert_eq!(ends.len(), replies, "seed {seed}, in pieces of {size}");
            assert!(!scanner.is_within_reply(), "seed {seed}, in pieces of {size}");
        }
    }
    assert!(within_replies > 300, "only {within_replies} messages stood within a reply");
}

#[test]
fn the_limits_hold_for_a_push_within_a_reply() {
    let scan = |bytes, elements, depth, reply: &[u8]| -> Result<usize, Box<str>> {
        let mut scanner = Scanner::new(Limits { bytes, elements, depth });
        while let Some(found) = scanner.next(reply).map_err(|error| error.0)? {
            if let Found::Reply(end) = found {
                return Ok(end);
            }
        }
        panic!("neither a reply nor refused: {:?}", reply.escape_ascii().to_string())
    };
    let reply = b"*1\r\n>2\r\n:1\r\n:2\r\n:3\r\n";
    assert_eq!(scan(20, 2, 2, reply), Ok(20));
    for (bytes, elements, depth, words) in [(19, 2, 2, "20 bytes"), (20, 1, 2, "2 elements"), (20, 2, 1, "nested")] {
        let refused = scan(bytes, elements, depth, reply).unwrap_err();
        assert!(refused.contains(words), "{refused}");
    }
    let endless = [b"*1\r\n".to_vec(), b">0\r\n".repeat(100)].concat();
    assert!(scan(100, 2, 2, &endless).unwrap_err().contains("bytes"));
    for nested in [&b">1\r\n>1\r\n+a\r\n"[..], b"*1\r\n>1\r\n>0\r\n:1\r\n", b"*1\r\n>1\r\n*1\r\n>1\r\n:1\r\n"] {
        assert!(scan(100, 9, 9, nested).unwrap_err().contains("within a push message"), "{nested:?}");
    }
}

#[test]
fn only_cr_lf_ends_a_line() {
    for line in [&b"-ERR first\nsecond\r\n"[..], b"+\n\r\n", b"-a\rb\r\r\n", b"+\r\r\n", b"-\n\n\r\n", b"-x\n+OK\r\n"] {
        for cut in 0..=line.len() {
            let mut scanner = Scanner::new(Limits::default());
            let bytes = [line, b":1\r\n"].concat();
            let mut found = scan(&mut scanner, &bytes[..cut]);
            found.extend(scan(&mut scanner, &bytes));
            assert_eq!(found, [Found::Reply(line.len()), Found::Reply(bytes.len())], "{line:?}, cut at {cut}");
        }
        assert_eq!(scan::skip(line, 0), Some(line.len()));
    }
    let malformed = [
        &b":1\n2\r\n"[..],
        b":1\n",
        b":1\r2\r\n",
        b"$1\na\r\n",
        b"*0\n\r\n",
        b",1\n5\r\n",
        b",1\r5\r\n",
        b"(1\r2\r\n",
        b"#\nt\r\n",
        b"#t\r\r\n",
        b"_\n\r\n",
        b"_\r\r\n",
        b">1\n\r\n",
        b"%0\r\r\n",
        b"=4\n\r\n",
    ];
    for line in malformed {
        assert!(Scanner::new(Limits::default()).next(line).is_err(), "{:?}", line.escape_ascii().to_string());
        assert_eq!(scan::skip(line, 0), None, "{:?}", line.escape_ascii().to_string());
    }
}

#[test]
fn the_end_of_replies_is_ok_only_after_a_whole_line() {
    assert!(ends_with_ok(b"+OK\r\n") && ends_with_ok(b":1\r\n+OK\r\n"));
    assert!(!ends_with_ok(b"-ERR no\n+OK\r\n") && !ends_with_ok(b"-ERR +OK\r\n"));
}

#[test]
fn what_is_no_reply_is_refused_with_words() {
    let refused = |bytes: &[u8]| Scanner::new(Limits::default()).next(bytes).unwrap_err().0;
    assert!(refused(b"HTTP/1.1 400 Bad Request\r\n").contains("HTTP/1.1 400"));
    assert!(refused(b"$1073741824\r\n").contains("1073741824 bytes"));
    assert!(refused(b"*9999999999999999999\r\n").contains("length"));
    assert!(refused(b"$-2\r\n").contains("length"));
    assert!(refused(b"$1\r\nab\r\n").contains("line end"));
    assert!(refused(b":12a\r\n").contains("12a"));
    assert!(refused(&b"*1\r\n".repeat(100_000)).contains("nested"));
}

#[test]
fn the_limit_holds_for_a_reply_that_comes_whole() {
    let limited = |bytes, reply| Scanner::new(Limits { bytes, ..Limits::default() }).next(reply);
    assert_eq!(limited(8, b"*1\r\n:1\r\n"), Ok(Some(Found::Reply(8))));
    assert!(limited(7, b"*1\r\n:1\r\n").unwrap_err().0.contains("a reply of 8 bytes, where the limit is 7"));
}

#[test]
fn what_is_passed_is_what_is_found() {
    let replies =
        b"+OK\r\n+QUEUED\r\n$3\r\na\r\n\r\n$12\r\nhello, world\r\n*3\r\n+OK\r\n:-17\r\n$1\r\na\r\n*1\r\n*1\r\n+OK\r\n\
        %1\r\n$1\r\nk\r\n*1\r\n,1.5\r\n_\r\n*2\r\n*-1\r\n$-1\r\n*1\r\n*1\r\n*1\r\n+OK\r\n$2\r\na";
    for size in 0..=replies.len() {
        let (mut scanner, mut passer) = (Scanner::new(Limits::default()), Scanner::new(Limits::default()));
        let found = ends(&mut scanner, &replies[..size]);
        let Skipped { count: passed, end } = passer.skip_simple(&replies[..size], 10);
        // The last one is nested too deep.
        assert_eq!(passed, found.len().min(9));
        assert_eq!(found[..passed].last(), (passed > 0).then_some(Found::Reply(end)).as_ref());
        assert_eq!(ends(&mut passer, replies), ends(&mut Scanner::new(Limits::default()), replies)[passed..]);
    }
    assert_eq!(Scanner::new(Limits::default()).skip_simple(replies, 2), Skipped { count: 2, end: 14 });
    let reply = [b"$40\r\n", &b"x".repeat(40)[..], b"\r\n"].concat();
    for (bytes, passed) in [(2, 0), (40, 0), (46, 0), (47, 1)] {
        let mut within = Scanner::new(Limits { bytes, ..Limits::default() });
        assert_eq!(within.skip_simple(&reply, 1).count, passed, "{bytes}");
        assert_eq!(within.next(&reply).is_err(), passed == 0, "{bytes}");
    }
    let array = [&b"*2\r\n"[..], &b"$20\r\n01234567890123456789\r\n".repeat(2)].concat();
    for (bytes, elements, depth, passed) in [(57, 2, 1, 0), (58, 2, 1, 1), (58, 1, 1, 0), (58, 2, 0, 0)] {
        let mut within = Scanner::new(Limits { bytes, elements, depth });
        assert_eq!(within.skip_simple(&array, 1).count, passed, "{bytes} {elements} {depth}");
        assert_eq!(within.next(&array).is_err(), passed == 0, "{bytes} {elements} {depth}");
    }
}

#[test]
fn skip_finds_the_end_that_the_scanner_finds() {
    let mut at = 0;
    for found in ends(&mut Scanner::new(Limits::default()), REPLIES) {
        assert_eq!(skip(REPLIES, at, found), Some(end_of(found)));
        at = end_of(found);
    }
}
