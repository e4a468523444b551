//! Whether a server of another vendor has every command of the Redis that it counts as.

use typedis::{
    commands::registry,
    options::flag::FLAGS,
    version::{Vendor, Version},
};

/// The versions of Valkey that added commands.
const VALKEY: [(u32, u32); 5] = [(7, 2), (8, 0), (8, 1), (9, 0), (9, 1)];

#[test]
fn a_valkey_has_what_the_redis_has_that_it_counts_as() {
    let rows = registry().map(|row| (row.name, row.since));
    let things: Vec<_> = rows.chain(FLAGS.iter().map(|flag| (flag.word, flag.since))).collect();
    for (major, minor) in VALKEY {
        let valkey = Version { major, minor, patch: if major == 7 { 4 } else { 0 } };
        let redis = Vendor::Valkey.as_redis(valkey);
        let lacked = things.iter().filter(|(_, since)| {
            let is_promised = since.redis.is_some_and(|since| parse(since) <= redis);
            is_promised && since.valkey.is_none_or(|since| parse(since) > valkey)
        });
        let lacked: Vec<_> = lacked.collect();
        assert!(lacked.is_empty(), "Valkey {valkey} counts as Redis {redis} and lacks {lacked:?}");
    }
}

fn parse(text: &str) -> Version {
    let mut numbers = text.split('.').map(|number| number.parse().unwrap());
    let mut next = || numbers.next().unwrap();
    Version { major: next(), minor: next(), patch: next() }
}
