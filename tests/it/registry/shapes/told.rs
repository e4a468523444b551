//! The replies of the rows that no server at hand has, as their vendors describe them.

use super::{
    cover::{Protocol, cover},
    decoders,
    kind::Kinds,
};
use crate::registry::described::DESCRIBED;
use bytes::Bytes;
use std::collections::BTreeSet;
use typedis::{command::ConnectionPolicy, commands::registry};

/// A form of the reply: the methods, the option that asks for it, and the lines of the reply in RESP3 and in RESP2, separated by
/// spaces.
type Told = (&'static [&'static str], &'static str, &'static str, &'static str);

const TOLD: &[Told] = &[
    (&["delex", "delex_with"], "", ":0", ":0"),
    (&["digest"], "", "$16 f34099ede96b5581", "$16 f34099ede96b5581"),
    (&["digest"], "", "_", "$-1"),
    (&["increx", "increx_with"], "", "*2 :6 :0", "*2 :6 :0"),
    (&["increx_with"], "BYFLOAT", "*2 ,1.1 ,0.1", "*2 $3 1.1 $3 0.1"),
    (&["lmovem", "lmovem_with", "blmovem", "blmovem_with"], "", "*1 $1 1", "*1 $1 1"),
    (&["lmovem", "lmovem_with"], "", "*0", "*0"),
    (&["lmovem_with"], "EXACTLY", "_", "*-1"),
    (&["blmovem", "blmovem_with"], "", "_", "*-1"),
    (&["sdiffcard", "sdiffcard_limit", "sunioncard", "sunioncard_with"], "", ":5", ":5"),
    (
        &[
            "sexpire",
            "sexpire_with",
            "spexpire",
            "spexpire_with",
            "sexpireat",
            "sexpireat_with",
            "spexpireat",
            "spexpireat_with",
        ],
        "",
        "*4 :-2 :0 :1 :2",
        "*4 :-2 :0 :1 :2",
    ),
    (&["sttl", "spttl", "sexpiretime", "spexpiretime"], "", "*3 :-2 :-1 :9", "*3 :-2 :-1 :9"),
    (&["spersist"], "", "*3 :-2 :-1 :1", "*3 :-2 :-1 :1"),
    (&["vrange", "vrange_count"], "", "*1 $1 a", "*1 $1 a"),
    (&["vrange", "vrange_count"], "", "*0", "*0"),
    // arrays
    (
        &[
            "arcount",
            "ardel",
            "ardelrange",
            "arinsert",
            "arlen",
            "armset",
            "arring",
            "arset",
            "arop_match",
            "arop_used",
        ],
        "",
        ":5",
        ":5",
    ),
    (&["arlen", "arnext"], "", "(18446744073709551615", "$20 18446744073709551615"),
    (&["arget"], "", "$1 a", "$1 a"),
    (&["arget", "arnext"], "", "_", "$-1"),
    (&["arnext"], "", ":5", ":5"),
    (&["argetrange", "arlastitems", "arlastitems_rev", "armget"], "", "*2 $1 a _", "*2 $1 a $-1"),
    (&["argrep", "argrep_with"], "", "*2 :0 :10", "*2 :0 :10"),
    (&["argrep_with"], "WITHVALUES", "*1 *2 :0 $2 ab", "*1 *2 :0 $2 ab"),
    (
        &["arinfo"],
        "",
        "%3 $5 count :3 $3 len (18446744073709551615 $3 new :1",
        "*4 $5 count :3 $3 len $20 18446744073709551615",
    ),
    (
        &["arinfo_full"],
        "",
        "%4 $5 count :3 $10 slice-size :4096 $12 dense-slices :1 $14 avg-dense-fill ,0.75",
        "*8 $5 count :3 $10 slice-size :4096 $12 dense-slices :1 $14 avg-dense-fill $4 0.75",
    ),
    (&["arop_sum", "arop_min", "arop_max"], "", "$4 -0.5", "$4 -0.5"),
    (&["arop_and", "arop_or", "arop_xor"], "", ":-1", ":-1"),
    (&["arop_sum", "arop_min", "arop_max", "arop_and", "arop_or", "arop_xor"], "", "_", "$-1"),
    (&["arscan", "arscan_limit"], "", "*2 *2 :0 $1 x *2 :3 $1 y", "*2 *2 :0 $1 x *2 :3 $1 y"),
    (&["arscan", "arscan_limit"], "", "*0", "*0"),
    (&["arseek"], "", ":1", ":1"),
    // the server and its cluster
    (&["backup_abort", "backup_cleanup", "backup_seal", "backup_start"], "", "+OK", "+OK"),
    (&["backup_list"], "", "*1 $2 /b", "*1 $2 /b"),
    (&["backup_status"], "", "%1 $5 state $4 idle", "*2 $5 state $4 idle"),
    (
        &["hotkeys_get"],
        "",
        "*1 %2 $15 tracking-active :1 $14 by-cpu-time-us *2 $2 hk :5",
        "*1 *4 $15 tracking-active :1 $14 by-cpu-time-us *2 $2 hk :5",
    ),
    (&["hotkeys_get"], "", "_", "*-1"),
    (&["hotkeys_get_qps"], "", "*1 %3 $3 key $1 k $2 db :0 $3 qps :9", "*1 *6 $3 key $1 k $2 db :0 $3 qps :9"),
    (&["hotkeys_reset", "hotkeys_start", "hotkeys_start_slots", "hotkeys_stop"], "", "+OK", "+OK"),
    (&["hotkeys_stop"], "", "_", "$-1"),
    (&["cluster_migration_cancel", "cluster_migration_cancel_all"], "", ":1", ":1"),
    (&["cluster_migration_import"], "", "$2 t1", "$2 t1"),
    (
        &["cluster_migration_status", "cluster_migration_status_all"],
        "",
        "*1 %3 $2 id $2 t1 $5 slots $3 0-5 $7 retries :0",
        "*1 *6 $2 id $2 t1 $5 slots $3 0-5 $7 retries :0",
    ),
    // streams
    (&["xcfgset"], "", "+OK", "+OK"),
    (&["xnack", "xnack_with"], "", ":1", ":1"),
];

/// The rows with a described reply of a kind that their shapes do not name: an unsigned integer that is greater than every signed
/// one is a big number in RESP3 and a bulk string in RESP2.
const DEVIATIONS: &[&str] = &["arlen", "arnext"];

#[test]
fn every_described_reply_is_of_its_rows_type_and_shape() {
    let (mut wrong, mut deviating) = (Vec::new(), BTreeSet::new());
    for (methods, option, in_resp3, in_resp2) in TOLD {
        for (method, (lines, protocol)) in methods
            .iter()
            .flat_map(|method| [(method, (in_resp3, Protocol::Resp3)), (method, (in_resp2, Protocol::Resp2))])
        {
            let reply = Bytes::from(format!("{}\r\n", lines.replace(' ', "\r\n")));
            let (kinds, length) = Kinds::read(&reply).expect("a whole reply");
            assert_eq!(length, reply.len(), "{lines}");
            let decoder = decoders::decoder(method, option).unwrap_or_else(|| panic!("no row {method}"));
            if let Err(error) = decoder.read(&reply) {
                wrong.push(format!("{method}, {protocol:?}: {lines}: {error}"));
            }
            if !cover([decoder.shape], &kinds, protocol) {
                deviating.insert(*method);
            }
        }
    }
    assert!(wrong.is_empty(), "these are not read: {wrong:#?}");
    assert_eq!(deviating, DEVIATIONS.iter().copied().collect(), "the shapes that do not cover what is described");
}

#[test]
fn every_row_that_no_server_at_hand_has_is_described() {
    let rows = registry().filter(|row| row.connection != ConnectionPolicy::Forbidden);
    let rows: BTreeSet<_> = rows.map(|row| row.method).filter(|method| DESCRIBED.contains(method)).collect();
    let told: BTreeSet<_> = TOLD.iter().flat_map(|(methods, ..)| *methods).copied().collect();
    let either: Vec<_> = rows.symmetric_difference(&told).collect();
    assert!(either.is_empty(), "not described, or described although a server has it: {either:?}");
}
