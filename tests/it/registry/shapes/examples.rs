//! What each row is run with, and on what data.

use crate::registry::arguments::arguments;
use typedis::{command::CommandInfo, key::KeyType};

/// The arguments of a row, and the commands before and behind it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Example {
    pub(super) before: &'static str,
    pub(super) arguments: &'static str,
    pub(super) behind: &'static str,
}

/// The examples of a row that are run with data and without.
pub(super) fn of(row: &CommandInfo) -> Vec<Example> {
    let instead = lines(INSTEAD, row);
    let listed = arguments().filter(|(method, _)| *method == row.method && instead.is_empty());
    listed.map(|(_, line)| Example::parse(line)).chain(instead.iter().copied()).collect()
}

/// The examples of a row that are run on a node of a cluster of several nodes.
pub(super) fn in_a_set(row: &CommandInfo) -> Vec<Example> {
    lines(IN_A_SET, row)
}

fn lines(lines: &'static [(&str, &str)], row: &CommandInfo) -> Vec<Example> {
    lines.iter().filter(|(method, _)| *method == row.method).map(|(_, line)| Example::parse(line)).collect()
}

/// The examples of a row that are run with data.
pub(super) fn with_data(row: &CommandInfo) -> Vec<Example> {
    let more = lines(MORE, row);
    let of = if row.keys.is_empty() { Vec::new() } else { of(row) };
    of.into_iter().chain(more).collect()
}

impl Example {
    /// `ARGUMENTS`, `BEFORE => ARGUMENTS` or `BEFORE => ARGUMENTS => BEHIND`.
    fn parse(line: &'static str) -> Example {
        let mut parts = line.split("=>").map(str::trim);
        let first = parts.next().unwrap_or_default();
        match parts.next() {
            None => Example { before: "", arguments: first, behind: "" },
            Some(arguments) => Example { before: first, arguments, behind: parts.next().unwrap_or_default() },
        }
    }
}

/// The commands that make a key with data, which has the name `%`.
pub(super) fn data(command: &str, kind: &KeyType) -> &'static [&'static str] {
    match kind {
        _ if command.starts_with("FT.SUG") => &["FT.SUGADD % word 1 PAYLOAD p"],
        _ if command.starts_with("FT.") => &[
            "FT.CREATE % ON HASH PREFIX 1 doc: SCHEMA name TEXT tag TAG price NUMERIC SORTABLE",
            "HSET doc:1 name word tag x price 5",
            "HSET doc:2 name other tag y price 6",
            "HSET doc:3 name other tag y price 3",
            "HSET doc:4 name other tag y price 4",
            "HSET doc:5 name other tag y price 5",
            "FT.SYNUPDATE % g word",
        ],
        KeyType::String if command.starts_with("PF") => &["PFADD % 1"],
        KeyType::String => &["SET % 5"],
        KeyType::List => &["RPUSH % 1 9 2 3"],
        KeyType::Set => &["SADD % 1 9 a"],
        KeyType::SortedSet if command.starts_with("GEO") => &["GEOADD % 0 0 1 0.001 0.001 9"],
        KeyType::SortedSet => &["ZADD % 1 1 2 9 2.5 a"],
        KeyType::Hash => &["HSET % 1 1 2 2 a 9"],
        KeyType::Stream => {
            &["XADD % 1-1 f v", "XADD % 2-1 f v g w", "XGROUP CREATE % g 0", "XREADGROUP GROUP g c COUNT 1 STREAMS % >"]
        }
        KeyType::VectorSet => &["VADD % VALUES 2 1 1 1 SETATTR {\"a\":1}", "VADD % VALUES 2 1 0 9"],
        KeyType::BloomFilter => &["BF.ADD % 1"],
        KeyType::CuckooFilter => &["CF.ADD % 1"],
        KeyType::CountMinSketch => &["CMS.INITBYDIM % 10 5", "CMS.INCRBY % 1 5"],
        KeyType::TopK => &["TOPK.RESERVE % 1", "TOPK.ADD % 1"],
        KeyType::TDigest => &["TDIGEST.CREATE %", "TDIGEST.ADD % 1 2 3"],
        KeyType::Json => &["JSON.SET % $ {\"a\":[1,2],\"s\":\"x\",\"n\":1,\"b\":true,\"o\":{\"s\":null}}"],
        KeyType::TimeSeries => &["TS.ADD % 5 1 LABELS kind temp"],
        other => panic!("no command makes a {other:?}"),
    }
}

/// A library with the function `x`, as a word of a line.
macro_rules! library {
    () => {
        "'#!lua name=lib\nredis.register_function{function_name=\"x\", description=\"d\", callback=function() return 1 end, flags={\"no-writes\"}}'"
    };
}

/// A command that is slow enough for the events of latency.
macro_rules! latency {
    () => {
        "CONFIG SET latency-monitor-threshold 1 ; EVAL 'for i=1,1000000 do local x=i end' 0 ; CONFIG SET latency-monitor-threshold 0"
    };
}

/// Two series of one kind, of which one has no sample.
macro_rules! series {
    () => {
        "TS.ADD a 5 1 LABELS kind temp room x ; TS.CREATE b LABELS kind temp room y"
    };
}

/// A rule between two keys.
macro_rules! rule {
    () => {
        "DEL {destination} ; TS.CREATE {destination} ; TS.CREATERULE {source} {destination} AGGREGATION avg 5"
    };
}

/// Arguments in place of those that would block for ever, or that Redis 6.2 takes for every client.
const INSTEAD: &[(&str, &str)] = &[
    ("client_kill", "ID 7777"),
    ("client_kill_with", "ID 7777"),
    ("blmove", "{source} {destination} LEFT RIGHT 0.01"),
    ("blmpop", "0.01 1 {keys} LEFT"),
    ("blmpop_count", "0.01 1 {keys} LEFT COUNT 1"),
    ("blpop", "{keys} 0.01"),
    ("brpop", "{keys} 0.01"),
    ("brpoplpush", "{source} {destination} 0.01"),
    ("bzmpop", "0.01 1 {keys} MIN"),
    ("bzmpop_count", "0.01 1 {keys} MIN COUNT 1"),
    ("bzpopmax", "{keys} 0.01"),
    ("bzpopmin", "{keys} 0.01"),
    ("xread_block", "BLOCK 10 STREAMS {key} 0-0"),
    ("xread_block_with", "COUNT 1 BLOCK 10 STREAMS {key} 0-0"),
    ("xread_streams_block", "COUNT 1 BLOCK 10 STREAMS {keys} 0-0"),
    ("xreadgroup_block", "GROUP g c BLOCK 10 STREAMS {key} >"),
    ("xreadgroup_block_with", "GROUP g c COUNT 1 BLOCK 10 STREAMS {key} >"),
    ("xreadgroup_streams_block", "GROUP g c BLOCK 10 STREAMS {keys} >"),
    ("save", ""),
    ("wait", "0 10"),
    ("waitaof", "0 0 10"),
];

/// Arguments on the first of two primaries with a replica each. `{other}` is the ID of the second, and `{pass}` another number in
/// each pass.
const IN_A_SET: &[(&str, &str)] = &[
    ("cluster_count_failure_reports", "{other}"),
    ("cluster_getslotmigrations", "CLUSTER MIGRATESLOTS SLOTSRANGE {pass}0 {pass}0 NODE {other} =>"),
    ("cluster_links", ""),
    ("cluster_migrateslots", "SLOTSRANGE {pass}1 {pass}1 NODE {other}"),
    ("cluster_nodes", ""),
    ("cluster_replicas", "{other}"),
    ("cluster_setslot", "=> 2 MIGRATING {other} => CLUSTER SETSLOT 2 STABLE"),
    ("cluster_shards", ""),
    ("cluster_slots", ""),
    ("role", ""),
    ("wait", "1 1000"),
];

/// More arguments, of rows whose other examples find little in the data: `ARGUMENTS`, `BEFORE => ARGUMENTS`, or
/// `BEFORE => ARGUMENTS => BEHIND`, with commands that are separated by ` ; `. One that may fail begins with `?`.
const MORE: &[(&str, &str)] = &[
    // strings
    ("delifeq", "{key} 5"),
    ("getrange", "{key} 0 -1"),
    ("lcs_with", "{key1} {key2} IDX WITHMATCHLEN"),
    ("msetex", "DEL {pairs} => 1 {pairs} 1"),
    ("msetnx", "DEL {pairs} => {pairs} 1"),
    ("set_with", "{key} 1 EX 600"),
    ("set_with", "{key} 1 XX"),
    ("set_with", "{key} 1 XX GET"),
    ("set_with", "DEL {key} => {key} 1 XX GET"),
    ("setnx", "DEL {key} => {key} 1"),
    // keys of any kind
    ("copy", "DEL {destination} => {source} {destination}"),
    ("expiretime", "EXPIRE {key} 600 => {key}"),
    ("keys", "SET a 1 => *"),
    (
        "object_freq",
        "CONFIG SET maxmemory-policy allkeys-lfu ; SET {key} 1 => {key} => CONFIG SET maxmemory-policy noeviction",
    ),
    ("persist", "EXPIRE {key} 600 => {key}"),
    ("pexpiretime", "EXPIRE {key} 600 => {key}"),
    ("pttl", "EXPIRE {key} 600 => {key}"),
    ("randomkey", "SET a 1 =>"),
    ("restore", "SET x 1 ; DEL {key} => {key} 0 `DUMP x`"),
    ("restore_with", "SET x 1 => {key} 0 `DUMP x` REPLACE"),
    ("scan", "SET a 1 => 0"),
    ("scan_with", "SET a 1 => 0 COUNT 1000"),
    ("sort_with", "{key} BY nosort"),
    ("sort_with", "{key} GET x*"),
    ("sort_with", "{key} GET #"),
    ("sort_with", "{key} GET # GET x*"),
    ("sort_ro_with", "{key} GET x*"),
    ("sort_ro_with", "{key} GET #"),
    ("sort_ro_with", "{key} GET # GET x*"),
    ("sort_store_with", "{key} ALPHA STORE {destination}"),
    ("ttl", "EXPIRE {key} 600 => {key}"),
    // hashes
    ("hexists", "{key} 7"),
    ("hget", "{key} 7"),
    ("hmget", "{key} 1 7"),
    ("hrandfield_count", "{key} 2"),
    ("hrandfield_withvalues", "{key} 2 WITHVALUES"),
    ("hscan_with", "{key} 0 COUNT 10"),
    ("hscan_novalues_with", "{key} 0 COUNT 10 NOVALUES"),
    ("hgetdel", "{key} FIELDS 2 1 7"),
    ("hgetex_with", "{key} PERSIST FIELDS 2 1 7"),
    ("hsetex_with", "{key} FXX EX 600 FIELDS 1 1 1"),
    // lists
    ("lindex", "{key} 0"),
    ("linsert", "{key} BEFORE 7 1"),
    ("lpop_count", "{key} 2"),
    ("lpos", "{key} 7"),
    ("lpos_with", "{key} 9 COUNT 0"),
    ("lpos_with", "{key} 9 RANK 1"),
    ("lpos_with", "{key} 7 RANK 1"),
    ("lrange", "{key} 0 -1"),
    ("rpop_count", "{key} 2"),
    // sets
    ("spop_count", "{key} 2"),
    ("srandmember_count", "{key} 2"),
    ("sscan_with", "{key} 0 COUNT 10"),
    // sorted sets
    ("zadd_with", "{key} NX INCR 1 1"),
    ("zadd_with", "{key} XX INCR 1 1"),
    ("zadd_with", "{key} XX INCR 1 7"),
    ("zinter_with", "1 {keys} WEIGHTS 2"),
    ("zinter_with", "1 {keys} WEIGHTS 2 WITHSCORES"),
    ("zpopmax_count", "{key} 2"),
    ("zpopmin_count", "{key} 2"),
    ("zrandmember_count", "{key} 2"),
    ("zrandmember_withscores", "{key} 2 WITHSCORES"),
    ("zrange", "{key} 0 -1"),
    ("zrange_with", "{key} 0 -1 REV"),
    ("zrange_with", "{key} 0 -1 WITHSCORES"),
    ("zrangebylex", "ZADD {key} 0 a 0 b => {key} - +"),
    ("zrangebylex_limit", "{key} - + LIMIT 0 1"),
    ("zrangebyscore", "{key} -inf +inf"),
    ("zrangebyscore_with", "{key} -inf +inf LIMIT 0 9"),
    ("zrangebyscore_with", "{key} -inf +inf WITHSCORES"),
    ("zrangestore", "{destination} {source} 0 -1"),
    ("zrank", "{key} 7"),
    ("zrank_withscore", "{key} 7 WITHSCORE"),
    ("zrevrange", "{key} 0 -1"),
    ("zrevrange_withscores", "{key} 0 -1 WITHSCORES"),
    ("zrevrangebylex", "{key} + -"),
    ("zrevrangebylex_limit", "{key} + - LIMIT 0 1"),
    ("zrevrangebyscore", "{key} +inf -inf"),
    ("zrevrangebyscore_with", "{key} +inf -inf LIMIT 0 9"),
    ("zrevrangebyscore_with", "{key} +inf -inf WITHSCORES"),
    ("zrevrank", "{key} 7"),
    ("zscan_with", "{key} 0 COUNT 10"),
    ("zscan_noscores_with", "{key} 0 COUNT 10 NOSCORES"),
    ("zscore", "{key} 7"),
    ("zmscore", "{key} 9 7"),
    ("zunion_with", "1 {keys} WEIGHTS 2"),
    // places
    ("geodist", "{key} 1 7 km"),
    ("geohash", "{key} 9 7"),
    ("geopos", "{key} 9 7"),
    ("georadius", "{key} 0 0 9 km"),
    ("georadius", "{key} 0 0 9 km WITHHASH"),
    ("georadius", "{key} 0 0 9 km WITHDIST"),
    ("georadius", "{key} 0 0 9 km WITHDIST WITHHASH WITHCOORD"),
    ("georadius_ro", "{key} 0 0 9 km WITHDIST WITHHASH WITHCOORD"),
    ("georadiusbymember", "{key} 1 9 km WITHDIST WITHHASH WITHCOORD"),
    ("georadiusbymember_ro", "{key} 1 9 km WITHDIST WITHHASH WITHCOORD"),
    ("geosearch", "{key} FROMLONLAT 0 0 BYRADIUS 9 km WITHDIST"),
    ("geosearch", "{key} FROMLONLAT 0 0 BYRADIUS 9 km WITHHASH"),
    ("geosearch", "{key} FROMLONLAT 0 0 BYRADIUS 9 km WITHDIST WITHHASH WITHCOORD"),
    // bits
    ("bitfield", "{key} GET u8 0 INCRBY u8 0 1"),
    ("bitfield", "{key} OVERFLOW FAIL GET u8 0 INCRBY u2 0 3 INCRBY u2 0 3"),
    ("bitpos", "SET {key} '' => {key} 1"),
    // vector sets
    ("vadd_with", "{key} VALUES 2 1 1 1"),
    ("vgetattr", "{key} 9"),
    ("vemb", "{key} 7"),
    ("vemb_raw", "{key} 7 RAW"),
    ("vlinks", "{key} 7"),
    ("vlinks_withscores", "{key} 7 WITHSCORES"),
    ("vrandmember_count", "{key} 2"),
    ("vsetattr", "{key} 7 x"),
    ("vsim_with", "{key} ELE 1 COUNT 9"),
    ("vsim_with", "{key} ELE 1 WITHSCORES"),
    ("vsim_with", "{key} ELE 1 WITHATTRIBS"),
    ("vsim_with", "{key} ELE 1 WITHSCORES WITHATTRIBS"),
    // streams
    ("xadd_with", "{key} NOMKSTREAM 3-1 f v"),
    ("xadd", "{key} 3-1 f v"),
    ("xclaim", "XDEL {key} 1-1 => {key} g c 0 1-1"),
    ("xclaim_justid", "XDEL {key} 1-1 => {key} g c 0 1-1 JUSTID"),
    ("xautoclaim", "XDEL {key} 1-1 => {key} g c 0 0-0"),
    ("xautoclaim_justid", "XDEL {key} 1-1 => {key} g c 0 0-0 JUSTID"),
    ("xgroup_create", "{key} other 0-0"),
    ("xinfo_stream_full", "XDEL {key} 1-1 => {key} FULL"),
    ("xinfo_groups", "XDEL {key} 1-1 => {key}"),
    ("xpending", "XACK {key} g 1-1 => {key} g"),
    ("xrange_count", "{key} - + COUNT 9"),
    ("xread_streams", "COUNT 1 STREAMS {keys} $"),
    ("xreadgroup", "XREADGROUP GROUP g c STREAMS {key} > => GROUP g c STREAMS {key} >"),
    ("xreadgroup_history", "XDEL {key} 1-1 => GROUP g c COUNT 9 STREAMS {key} 0-0"),
    ("xrevrange_count", "{key} + - COUNT 9"),
    ("xinfo_stream", "DEL {key} ; XGROUP CREATE {key} g $ MKSTREAM => {key}"),
    // scripts and functions
    ("script", "`SCRIPT LOAD 'return {1,\"a\"}'` 1 {keys}"),
    ("evalsha", "`SCRIPT LOAD 'return false'` 1 {keys}"),
    ("eval", "'return {1,\"a\",false,true,redis.status_reply(\"a\")}' 1 {keys}"),
    ("script_ro", "`SCRIPT LOAD 'return {1,\"a\"}'` 1 {keys}"),
    ("evalsha_ro", "`SCRIPT LOAD 'return {1,\"a\"}'` 1 {keys}"),
    ("eval_ro", "'redis.setresp(3) return {{double=1.5},{map={a=1}}}' 1 {keys}"),
    ("script_show", "`SCRIPT LOAD 'return 1'`"),
    ("function", concat!("FUNCTION LOAD REPLACE ", library!(), " => x 1 {keys} => FUNCTION FLUSH")),
    ("fcall", concat!("FUNCTION LOAD REPLACE ", library!(), " => x 1 {keys} => FUNCTION FLUSH")),
    ("function_ro", concat!("FUNCTION LOAD REPLACE ", library!(), " => x 1 {keys} => FUNCTION FLUSH")),
    ("fcall_ro", concat!("FUNCTION LOAD REPLACE ", library!(), " => x 1 {keys} => FUNCTION FLUSH")),
    ("function_load", concat!("FUNCTION FLUSH => ", library!(), " => FUNCTION FLUSH")),
    ("function_load_replace", concat!("FUNCTION FLUSH => REPLACE ", library!(), " => FUNCTION FLUSH")),
    ("function_delete", concat!("FUNCTION LOAD ", library!(), " => lib")),
    ("function_dump", concat!("FUNCTION LOAD ", library!(), " => => FUNCTION FLUSH")),
    ("function_restore", concat!("FUNCTION LOAD ", library!(), " => `FUNCTION DUMP` FLUSH => FUNCTION FLUSH")),
    ("function_restore_with", concat!("FUNCTION LOAD ", library!(), " => `FUNCTION DUMP` REPLACE => FUNCTION FLUSH")),
    ("function_list", concat!("FUNCTION LOAD ", library!(), " => => FUNCTION FLUSH")),
    ("function_list_with", concat!("FUNCTION LOAD ", library!(), " => WITHCODE => FUNCTION FLUSH")),
    // the server
    ("acl_deluser", "ACL SETUSER u on => u"),
    ("acl_dryrun", "ACL SETUSER u on => u PING => ACL DELUSER u"),
    ("acl_getuser", "default"),
    ("acl_getuser", "ACL SETUSER u on ~a* +get ; ?ACL SETUSER u '(+set ~b*)' => u => ACL DELUSER u"),
    ("acl_log", "?AUTH u no => => ACL LOG RESET"),
    ("acl_log_count", "?AUTH u no => 1 => ACL LOG RESET"),
    ("acl_setuser", "=> u off => ACL DELUSER u"),
    ("client_getname", "CLIENT SETNAME n => => CLIENT SETNAME ''"),
    ("client_list_with", "TYPE NORMAL"),
    ("client_trackinginfo", "CLIENT TRACKING ON BCAST PREFIX zz => => CLIENT TRACKING OFF"),
    ("command_docs", "set"),
    ("command_getkeys", "GET x"),
    ("command_getkeysandflags", "GET x"),
    ("command_info", "get nonsense client"),
    ("command_list_by", "FILTERBY PATTERN set*"),
    (
        "commandlog_get",
        "CONFIG SET commandlog-execution-slower-than 0 ; PING => 1 SLOW => CONFIG SET commandlog-execution-slower-than -1 ; COMMANDLOG RESET SLOW",
    ),
    ("config_get", "*"),
    ("config_set", "hz 10"),
    ("info", "SET a 1 =>"),
    ("latency_doctor", concat!(latency!(), " => => LATENCY RESET")),
    ("latency_graph", concat!(latency!(), " => command => LATENCY RESET")),
    ("latency_history", concat!(latency!(), " => command => LATENCY RESET")),
    ("latency_latest", concat!(latency!(), " => => LATENCY RESET")),
    ("latency_reset_events", concat!(latency!(), " => command")),
    ("latency_histogram", "?GET a => get"),
    ("latency_histogram_all", "?GET a =>"),
    ("memory_stats", "SET a 1 =>"),
    ("pubsub_channels_with", "*"),
    ("replicaof", "=> 127.0.0.1 1 => REPLICAOF NO ONE"),
    ("role", "REPLICAOF 127.0.0.1 1 => => REPLICAOF NO ONE"),
    ("script_exists", "`SCRIPT LOAD 'return 1'`"),
    (
        "slowlog_get",
        "CONFIG SET slowlog-log-slower-than 0 ; PING => => CONFIG SET slowlog-log-slower-than -1 ; SLOWLOG RESET",
    ),
    (
        "slowlog_get_count",
        "CONFIG SET slowlog-log-slower-than 0 ; PING => 1 => CONFIG SET slowlog-log-slower-than -1 ; SLOWLOG RESET",
    ),
    // clusters
    ("cluster_addslots", "CLUSTER DELSLOTS 0 => 0"),
    ("cluster_addslotsrange", "CLUSTER DELSLOTS 0 1 => 0 1"),
    ("cluster_count_failure_reports", "`CLUSTER MYID`"),
    ("cluster_getkeysinslot", "SET 06S 1 => 0 1"),
    ("cluster_meet", "127.0.0.1 1"),
    ("cluster_meet_bus", "127.0.0.1 1 2"),
    ("cluster_replicas", "`CLUSTER MYID`"),
    ("cluster_reset", "SET 06S 1 =>"),
    ("cluster_set_config_epoch", "CLUSTER RESET HARD => 1"),
    ("cluster_setslot", "0 MIGRATING `CLUSTER MYID`"),
    ("cluster_shards", "SET 06S 1 =>"),
    ("cluster_slots", "CLUSTER DELSLOTS 5 => => CLUSTER ADDSLOTS 5"),
    ("cluster_slot_stats", "SET 06S 1 => SLOTSRANGE 0 1"),
    ("cluster_slot_stats_by", "SET 06S 1 => ORDERBY KEY-COUNT LIMIT 2"),
    ("clusterscan", "SET 06S 1 => 0"),
    ("clusterscan_with", "SET 06S 1 => 0 SLOT 0"),
    ("pubsub_shardchannels_with", "*"),
    // modules
    ("bf_info_field", "BF.RESERVE other 0.1 10 NONSCALING ; DEL {key} ; RENAME other {key} => {key} EXPANSION"),
    ("bf_loadchunk", "DEL {key} ; BF.ADD x 1 => {key} 1 `BF.SCANDUMP x 0`"),
    ("bf_insert", "{key} ITEMS 1 7"),
    ("bf_insert_with", "DEL {key} => {key} CAPACITY 10 NONSCALING ITEMS 1"),
    ("bf_insert_nocreate", "DEL {key} ; BF.RESERVE {key} 0.1 1 NONSCALING => {key} NOCREATE ITEMS 1 2 3 4 5 6 7 8"),
    ("bf_madd", "DEL {key} ; BF.RESERVE {key} 0.1 1 NONSCALING => {key} 1 2 3 4 5 6 7 8"),
    ("bf_info", "DEL {key} ; BF.RESERVE {key} 0.1 1 NONSCALING => {key}"),
    ("cf_loadchunk", "DEL {key} ; CF.ADD x 1 => {key} 1 `CF.SCANDUMP x 0`"),
    ("cf_insert", "DEL {key} ; CF.RESERVE {key} 4 EXPANSION 0 => {key} ITEMS 1 1 1 1 1 1 1 1 1 1"),
    ("cf_insertnx", "DEL {key} ; CF.RESERVE {key} 4 EXPANSION 0 => {key} ITEMS 1 2 3 4 5 6 7 8 9 10 11 12 13"),
    ("tdigest_byrank", "{key} 0 9"),
    ("tdigest_byrevrank", "{key} 0 9"),
    ("tdigest_quantile", "TDIGEST.RESET {key} => {key} 0.5"),
    ("tdigest_min", "TDIGEST.RESET {key} => {key}"),
    ("tdigest_cdf", "TDIGEST.RESET {key} => {key} 1"),
    ("tdigest_rank", "TDIGEST.RESET {key} => {key} 1"),
    ("topk_add", "{key} 7 8 8 8"),
    ("topk_incrby", "{key} 7 50"),
    ("json_arrappend", "{key} $.* 1"),
    ("json_arrindex", "{key} $.* 2"),
    ("json_arrindex_range", "{key} $.* 2 0 0"),
    ("json_arrinsert", "{key} $.* 0 1"),
    ("json_arrlen", "{key} $.*"),
    ("json_arrpop", "{key} $.*"),
    ("json_arrpop_index", "{key} $.* 0"),
    ("json_arrtrim", "{key} $.* 0 1"),
    ("json_clear", "{key} $.*"),
    ("json_debug_memory", "{key} $.*"),
    ("json_del_path", "{key} $.*"),
    ("json_get_path", "{key} $.nothing"),
    ("json_merge_path", "{key} $.n 1"),
    ("json_mget", "{keys} $.*"),
    ("json_numincrby", "{key} $.* 1"),
    ("json_numincrby", "{key} $.n 1.5"),
    ("json_nummultby", "{key} $.* 1.5"),
    ("json_objkeys", "{key} $.*"),
    ("json_objlen", "{key} $.*"),
    ("json_set_path", "{key} $.n 1"),
    ("json_set_path_with", "{key} $.other 1 XX"),
    ("json_set_with", "DEL {key} => {key} $ 1 NX"),
    ("json_strappend", "{key} $.* \"1\""),
    ("json_strlen", "{key} $.*"),
    ("json_toggle", "{key} $.*"),
    ("json_type", "{key} $.*"),
    ("json_type", "{key} $.nothing"),
    ("json_get_path_with", "{key} INDENT _ $.nothing"),
    ("json_get_paths", "{key} $.a $.n"),
    ("json_resp", "{key} $.*"),
    ("ts_add", "{key} 9 1"),
    ("ts_madd", "{samples} 9 1"),
    ("ts_add_with", "{key} 5 7 ON_DUPLICATE BLOCK"),
    ("ts_createrule", "DEL {destination} ; TS.CREATE {destination} => {source} {destination} AGGREGATION avg 5"),
    (
        "ts_createrule_align",
        "DEL {destination} ; TS.CREATE {destination} => {source} {destination} AGGREGATION avg 5 2",
    ),
    ("ts_deleterule", concat!(rule!(), " => {source} {destination}")),
    ("ts_get", "DEL {key} ; TS.CREATE {key} => {key}"),
    ("ts_info", "DEL {key} ; TS.CREATE {key} ; TS.CREATE r ; TS.CREATERULE {key} r AGGREGATION avg 5 => {key}"),
    (
        "ts_info_debug",
        "DEL {key} ; TS.CREATE {key} ; TS.CREATE r ; TS.CREATERULE {key} r AGGREGATION avg 5 => {key} DEBUG",
    ),
    ("ts_mget", concat!(series!(), " => FILTER kind=temp")),
    ("ts_mget_with", concat!(series!(), " => WITHLABELS FILTER kind=temp")),
    ("ts_mget_with", concat!(series!(), " => SELECTED_LABELS room none FILTER kind=temp")),
    ("ts_mrange", concat!(series!(), " => - + FILTER kind=temp")),
    ("ts_mrange_with", concat!(series!(), " => - + WITHLABELS FILTER kind=temp")),
    ("ts_mrange_with", concat!(series!(), " => - + WITHLABELS AGGREGATION avg 5 FILTER kind=temp")),
    ("ts_mrange_groupby", concat!(series!(), " => - + FILTER kind=temp GROUPBY room REDUCE max")),
    ("ts_mrange_groupby_with", concat!(series!(), " => - + WITHLABELS FILTER kind=temp GROUPBY room REDUCE max")),
    ("ts_mrevrange", concat!(series!(), " => - + FILTER kind=temp")),
    ("ts_mrevrange_with", concat!(series!(), " => - + WITHLABELS FILTER kind=temp")),
    ("ts_mrevrange_groupby", concat!(series!(), " => - + FILTER kind=temp GROUPBY room REDUCE max")),
    ("ts_mrevrange_groupby_with", concat!(series!(), " => - + WITHLABELS FILTER kind=temp GROUPBY room REDUCE max")),
    ("ts_queryindex", concat!(series!(), " => kind=temp")),
    ("ts_range_with", "{key} - + AGGREGATION avg 5"),
    ("ft_aggregate", "{index} * LOAD 1 @name DIALECT 2"),
    ("ft_aggregate_withcursor", "{index} * LOAD 1 @name WITHCURSOR COUNT 5 DIALECT 2"),
    ("ft_aliasadd", "FT.DROPINDEX {alias} => {alias} {index}"),
    ("ft_aliasdel", "FT.ALIASADD other {alias} => other"),
    ("ft_aliasupdate", "FT.DROPINDEX {alias} => {alias} {index}"),
    ("ft_alter", "{index} SCHEMA ADD other TEXT"),
    ("ft_create", "FT.DROPINDEX {index} => {index} ON HASH PREFIX 1 nothing: SCHEMA name TEXT"),
    ("ft_cursor_del", "{index} `FT.AGGREGATE {index} * WITHCURSOR COUNT 1 DIALECT 2`"),
    ("ft_dictdump", "FT.DICTADD dictionary word => dictionary"),
    ("ft_list", "FT.CREATE i ON HASH PREFIX 1 doc: SCHEMA name TEXT =>"),
    ("ft_spellcheck", "{index} wordd DIALECT 2"),
    ("ft_spellcheck_with", "{index} wordd DISTANCE 2 DIALECT 2"),
    ("ft_sugget_with", "{key} w WITHSCORES WITHPAYLOADS"),
];
