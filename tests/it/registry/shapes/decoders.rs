//! The decoder of each row, with a type for each of its generics that reads every reply of the shape.

use bytes::Bytes;
use typedis::{
    __private::{
        Command, DecodeError,
        fuzz_api::{read_reply, reader},
    },
    HashFields, Value,
    commands::{
        LcsMatches,
        array::Elements,
        geo::{Kilometers, With},
        json::RawJson,
        search::{Extra, Found, SearchDocument, SearchRow},
        types::*,
        vector_set::{Attributes, Beside},
    },
    options::{
        IsSet, Previous, SortElements, SortValues, Unset,
        flag::{NoMkStream, Nx, Xx},
    },
};

/// The decoder of a row, or of its form with some option.
pub(super) struct Decoder {
    pub(super) method: &'static str,
    /// Words that are among the arguments of this form; empty for all forms.
    words: &'static str,
    pub(super) shape: &'static str,
    read: fn(&Bytes) -> Result<(), DecodeError>,
}

/// A hash as pairs, and as a struct of two fields.
type Fields = Vec<(Bytes, Bytes)>;

#[derive(HashFields)]
#[allow(dead_code, reason = "only decoding is of interest")]
pub(super) struct Record {
    #[typedis(rename = "1")]
    first: Option<Bytes>,
    #[typedis(rename = "2")]
    second: Option<Bytes>,
}

/// A document of an index, and a row of an aggregation.
#[derive(HashFields, SearchDocument)]
#[allow(dead_code, reason = "only decoding is of interest")]
pub(super) struct Product {
    #[search(text)]
    name: String,
    #[search(tag)]
    tag: String,
    #[search(numeric, sortable)]
    price: f64,
}

#[derive(SearchRow)]
#[allow(dead_code, reason = "only decoding is of interest")]
pub(super) struct Named {
    name: Option<String>,
}

impl Decoder {
    const fn new<C: Command>(words: &'static str, shape: Option<&'static str>) -> Self {
        let shape = match shape {
            Some(shape) => shape,
            None => C::INFO.shape,
        };
        let read = |reply: &Bytes| read_reply(&mut reader(reply), C::read).map(drop);
        Decoder { method: C::INFO.method, words, shape, read }
    }

    /// Reads a whole reply as the row does.
    pub(super) fn read(&self, reply: &Bytes) -> Result<(), String> {
        match (self.read)(reply) {
            Err(DecodeError::Server(_)) if reply[0] == b'-' => Ok(()),
            read => read.map_err(|error| format!("{error:?}")),
        }
    }
}

/// The decoder of a row with these arguments.
pub(super) fn decoder(method: &str, arguments: &str) -> Option<&'static Decoder> {
    let mut forms = FORMS.iter().chain(ROWS).chain(MODULES);
    forms.find(|decoder| decoder.method == method && arguments.contains(decoder.words))
}

/// The shapes of all forms of a row.
pub(super) fn shapes(method: &str) -> Vec<&'static str> {
    let forms = FORMS.iter().chain(ROWS).chain(MODULES);
    forms.filter(|decoder| decoder.method == method).map(|decoder| decoder.shape).collect()
}

macro_rules! rows {
    ($($command:ty),* $(,)?) => { &[$(Decoder::new::<$command>("", None)),*] };
}

macro_rules! forms {
    ($($command:ty $(, $words:literal)? => $shape:literal;)*) => {
        &[$(Decoder::new::<$command>(concat!($($words)?), Some($shape))),*]
    };
}

/// The rows whose reply depends on their options: the decoder of each form, the first that fits.
const FORMS: &[Decoder] = forms! {
    FtSuggetWith<f64, Extra<String>>, "WITHSCORES WITHPAYLOADS" => "FlatSuggestions";
    FtSuggetWith<(), ()> => "FlatSuggestions";
    ArgrepWith<Elements<Bytes>>, "WITHVALUES" => "Pairs<Integer, Bulk>";
    ArgrepWith<Unset> => "Array<Integer>";
    Bitfield<IsSet>, "OVERFLOW FAIL" => "Array<Nullable<Integer>>";
    Bitfield<Unset> => "Array<Integer>";
    IncrexWith<f64>, "BYFLOAT" => "Tuple<(Double, Double)>";
    IncrexWith<i64> => "Tuple<(Integer, Integer)>";
    LcsWith<LcsMatches>, "IDX" => "Map<Bulk, Any>";
    LcsWith<u64> => "Integer";
    LmovemWith<Bytes, IsSet>, "EXACTLY" => "Nullable<Array<Bulk>>";
    LmovemWith<Bytes, Unset> => "Moved";
    LposWith<IsSet>, "COUNT" => "Array<Integer>";
    LposWith<Unset> => "Nullable<Integer>";
    SetWith<Unset, Previous<Bytes>>, "GET" => "Nullable<Bulk>";
    SetWith<Nx, Unset>, "NX" => "Nullable<Status>";
    SetWith<Xx, Unset>, "XX" => "Nullable<Status>";
    SetWith<Unset, Unset> => "Status";
    SortWith<SortValues<(Bytes, Bytes)>>, "GET # GET" => "SortRows";
    SortWith<SortValues<(Bytes,)>>, "GET" => "Array<Nullable<Bulk>>";
    SortWith<SortElements<Bytes>> => "Array<Bulk>";
    SortRoWith<SortValues<(Bytes, Bytes)>>, "GET # GET" => "SortRows";
    SortRoWith<SortValues<(Bytes,)>>, "GET" => "Array<Nullable<Bulk>>";
    SortRoWith<SortElements<Bytes>> => "Array<Bulk>";
    XaddWith<NoMkStream>, "NOMKSTREAM" => "Nullable<Bulk>";
    XaddWith<Unset> => "Bulk";
    ZaddWith<IsSet>, "INCR" => "Nullable<Double>";
    ZaddWith<Unset> => "Integer";
    ZinterWith<Bytes, IsSet>, "WITHSCORES" => "Pairs<Bulk, Double>";
    ZinterWith<Bytes, Unset> => "Array<Bulk>";
    ZrangeWith<Bytes, IsSet>, "WITHSCORES" => "Pairs<Bulk, Double>";
    ZrangeWith<Bytes, Unset> => "Array<Bulk>";
    ZunionWith<Bytes, IsSet>, "WITHSCORES" => "Pairs<Bulk, Double>";
    ZunionWith<Bytes, Unset> => "Array<Bulk>";
    ZrangebyscoreWith<Bytes, IsSet>, "WITHSCORES" => "Pairs<Bulk, Double>";
    ZrangebyscoreWith<Bytes, Unset> => "Array<Bulk>";
    ZrevrangebyscoreWith<Bytes, IsSet>, "WITHSCORES" => "Pairs<Bulk, Double>";
    ZrevrangebyscoreWith<Bytes, Unset> => "Array<Bulk>";
    VsimWith<Bytes, Beside<IsSet, Attributes<Bytes>>>, "WITHSCORES WITHATTRIBS" => "Triples<Bulk, Double, Nullable<Bulk>>";
    VsimWith<Bytes, Beside<Unset, Attributes<Bytes>>>, "WITHATTRIBS" => "Map<Bulk, Nullable<Bulk>>";
    VsimWith<Bytes, Beside<IsSet>>, "WITHSCORES" => "Map<Bulk, Double>";
    VsimWith<Bytes, Beside> => "Array<Bulk>";
    Georadius<Bytes, With<Kilometers, IsSet, IsSet>>, "WITHDIST WITHHASH WITHCOORD"
        => "Array<Tuple<(Bulk, Bulk, Integer, Tuple<(Double, Double)>)>>";
    Georadius<Bytes, With<Kilometers>>, "WITHDIST" => "Array<Tuple<(Bulk, Bulk)>>";
    Georadius<Bytes, With<Unset, IsSet>>, "WITHHASH" => "Array<Tuple<(Bulk, Integer)>>";
    Georadius<Bytes, With> => "Array<Bulk>";
    GeoradiusRo<Bytes, With<Kilometers, IsSet, IsSet>>, "WITHDIST WITHHASH WITHCOORD"
        => "Array<Tuple<(Bulk, Bulk, Integer, Tuple<(Double, Double)>)>>";
    GeoradiusRo<Bytes, With<Kilometers>>, "WITHDIST" => "Array<Tuple<(Bulk, Bulk)>>";
    GeoradiusRo<Bytes, With<Unset, IsSet>>, "WITHHASH" => "Array<Tuple<(Bulk, Integer)>>";
    GeoradiusRo<Bytes, With> => "Array<Bulk>";
    Georadiusbymember<Bytes, With<Kilometers, IsSet, IsSet>>, "WITHDIST WITHHASH WITHCOORD"
        => "Array<Tuple<(Bulk, Bulk, Integer, Tuple<(Double, Double)>)>>";
    Georadiusbymember<Bytes, With<Kilometers>>, "WITHDIST" => "Array<Tuple<(Bulk, Bulk)>>";
    Georadiusbymember<Bytes, With<Unset, IsSet>>, "WITHHASH" => "Array<Tuple<(Bulk, Integer)>>";
    Georadiusbymember<Bytes, With> => "Array<Bulk>";
    GeoradiusbymemberRo<Bytes, With<Kilometers, IsSet, IsSet>>, "WITHDIST WITHHASH WITHCOORD"
        => "Array<Tuple<(Bulk, Bulk, Integer, Tuple<(Double, Double)>)>>";
    GeoradiusbymemberRo<Bytes, With<Kilometers>>, "WITHDIST" => "Array<Tuple<(Bulk, Bulk)>>";
    GeoradiusbymemberRo<Bytes, With<Unset, IsSet>>, "WITHHASH" => "Array<Tuple<(Bulk, Integer)>>";
    GeoradiusbymemberRo<Bytes, With> => "Array<Bulk>";
    Geosearch<Bytes, With<Kilometers, IsSet, IsSet>>, "WITHDIST WITHHASH WITHCOORD"
        => "Array<Tuple<(Bulk, Bulk, Integer, Tuple<(Double, Double)>)>>";
    Geosearch<Bytes, With<Kilometers>>, "WITHDIST" => "Array<Tuple<(Bulk, Bulk)>>";
    Geosearch<Bytes, With<Unset, IsSet>>, "WITHHASH" => "Array<Tuple<(Bulk, Integer)>>";
    Geosearch<Bytes, With> => "Array<Bulk>";
};

const ROWS: &[Decoder] = rows! {
    // acl
    AclCat, AclCatCommands, AclDeluser, AclDryrun, AclGenpass, AclGenpassBits, AclGetuser, AclList, AclLoad, AclLog,
    AclLogCount, AclLogReset, AclSave, AclSetuser, AclUsers, AclWhoami,
    // array
    Arcount, Ardel, Ardelrange, Arget<Bytes>, Argetrange<Bytes>, Argrep, Arinfo, ArinfoFull, Arinsert,
    Arlastitems<Bytes>, ArlastitemsRev<Bytes>, Arlen, Armget<Bytes>, Armset, Arnext, AropAnd, AropMatch, AropMax,
    AropMin, AropOr, AropSum, AropUsed, AropXor, Arring, Arscan<Bytes>, ArscanLimit<Bytes>, Arseek, Arset,
    // bitmap
    Bitcount, BitcountWith, BitfieldRo, BitopAnd, BitopAndor, BitopDiff, BitopDiff1, BitopNot, BitopOne, BitopOr,
    BitopXor, Bitpos, BitposWith, Getbit, Setbit,
    // cluster
    ClusterAddslots, ClusterAddslotsrange, ClusterBumpepoch, ClusterCancelslotmigrations, ClusterCountFailureReports,
    ClusterCountkeysinslot, ClusterDelslots, ClusterDelslotsrange, ClusterFailover, ClusterFailoverWith,
    ClusterFlushslot, ClusterFlushslotWith, ClusterFlushslots, ClusterForget, ClusterGetkeysinslot<Bytes>,
    ClusterGetslotmigrations, ClusterInfo, ClusterKeyslot, ClusterLinks, ClusterMeet, ClusterMeetBus,
    ClusterMigrateslots, ClusterMigrationCancel, ClusterMigrationCancelAll, ClusterMigrationImport,
    ClusterMigrationStatus, ClusterMigrationStatusAll, ClusterMyid, ClusterMyshardid, ClusterNodes, ClusterReplicas,
    ClusterReplicate, ClusterReplicateNoOne, ClusterReset, ClusterResetWith, ClusterSaveconfig,
    ClusterSetConfigEpoch, ClusterSetslot, ClusterSetslotTimeout, ClusterShards, ClusterSlotStats,
    ClusterSlotStatsBy, ClusterSlots,
    Clusterscan<Bytes>, ClusterscanWith<Bytes>,
    // connection
    ClientGetname, ClientId, ClientGetredir, ClientInfo, ClientKill, ClientKillWith, ClientList, ClientListWith,
    ClientPause, ClientPauseWith, ClientTrackinginfo, ClientUnblock, ClientUnblockWith, ClientUnpause, Echo<Bytes>,
    Ping, PingWith<Bytes>,
    // diagnostics
    CommandlogGet, CommandlogLen, CommandlogReset, HotkeysGet, HotkeysGetQps, HotkeysReset, HotkeysStart, HotkeysStartSlots,
    HotkeysStop, LatencyDoctor, LatencyGraph, LatencyHistogramOf, LatencyHistogramAll, LatencyHistory, LatencyLatest,
    LatencyReset, LatencyResetEvents, MemoryDoctor, MemoryMallocStats, MemoryPurge, MemoryStatistics, SlowlogGet,
    SlowlogGetCount, SlowlogLen, SlowlogReset,
    // generic
    Copy, CopyWith, Del, Dump, Exists, Expire, ExpireWith, Expireat, ExpireatWith, Expiretime, Keys<Vec<Bytes>>,
    Move, ObjectEncoding, ObjectFreq, ObjectIdletime, ObjectRefcount, Persist, Pexpire, PexpireWith, Pexpireat,
    PexpireatWith, Pexpiretime, Pttl, Randomkey<Bytes>, Rename, Renamenx, Restore, RestoreWith, Scan<Bytes>,
    ScanWith<Bytes>, Sort<Bytes>, SortRo<Bytes>, SortStore, SortStoreWith, Touch, Ttl, Type, Unlink, Wait, Waitaof,
    // geo
    Geoadd, GeoaddWith, Geodist<Kilometers>, Geohash, Geopos, GeoradiusStore, GeoradiusStoredist,
    GeoradiusbymemberStore, GeoradiusbymemberStoredist, Geosearchstore, GeosearchstoreStoredist,
    // hash/expiry
    Hexpire, HexpireField, HexpireWith, Hexpireat, HexpireatField, HexpireatWith, Hexpiretime, HexpiretimeField,
    Hgetdel<Bytes>, HgetdelField<Bytes>, HgetdelFields<Record>, Hgetex<Bytes>, HgetexField<Bytes>,
    HgetexFields<Record>, HgetexWith<Bytes>, Hpersist, HpersistField, Hpexpire, HpexpireField, HpexpireWith,
    Hpexpireat, HpexpireatField, HpexpireatWith, Hpexpiretime, HpexpiretimeField, Hpttl, HpttlField, Hsetex,
    HsetexField, HsetexWith, Httl, HttlField,
    // hash
    Hdel, Hexists, Hget<Bytes>, HgetField<Bytes>, Hgetall<Fields>, Hincrby, HincrbyField, Hincrbyfloat,
    HincrbyfloatField, Hkeys<Bytes>, Hlen, Hmget<Bytes>, HmgetFields<Record>, Hmset, Hrandfield<Bytes>,
    HrandfieldCount<Bytes>, HrandfieldWithvalues<Bytes, Bytes>, Hscan<Bytes, Bytes>, HscanWith<Bytes, Bytes>,
    HscanNovalues<Bytes>, HscanNovaluesWith<Bytes>, Hset, HsetField, Hsetnx, Hstrlen, Hvals<Bytes>,
    // hyperloglog
    Pfadd, Pfcount, Pfmerge,
    // introspection
    CommandAll, CommandCount, CommandDocumentation, CommandDocsAll, CommandGetkeys<Bytes>,
    CommandGetkeysandflags<Bytes>, CommandInformation, CommandList, CommandListBy,
    // list
    Blmove<Bytes>, Blmovem<Bytes>, BlmovemWith<Bytes>, Blmpop<Bytes>, BlmpopCount<Bytes>, Blpop<Bytes>, Brpop<Bytes>,
    Brpoplpush<Bytes>, Lindex<Bytes>, Linsert, Llen, Lmove<Bytes>, Lmovem<Bytes>, Lmpop<Bytes>,
    LmpopCount<Bytes>, Lpop<Bytes>, LpopCount<Bytes>, Lpos, Lpush, Lpushx, Lrange<Bytes>, Lrem, Lset, Ltrim,
    Rpop<Bytes>, RpopCount<Bytes>, Rpoplpush<Bytes>, Rpush, Rpushx,
    // pubsub
    Publish, PubsubChannels<Bytes>, PubsubChannelsWith<Bytes>, PubsubNumpat, PubsubNumsub<Bytes>,
    PubsubShardchannels<Bytes>, PubsubShardchannelsWith<Bytes>, PubsubShardnumsub<Bytes>, Spublish,
    // replication
    Failover, FailoverAbort, FailoverWith, Replicaof, ReplicaofNoOne, RoleOfServer,
    // scripting
    RunScript<Value>, RunReadScript<Value>, Eval<Value>, Evalsha<Value>, EvalRo<Value>, EvalshaRo<Value>, ScriptLoad,
    ScriptExists, ScriptFlush, ScriptFlushWith, ScriptKill, ScriptShow<Bytes>, RunFunction<Value>,
    RunReadFunction<Value>, Fcall<Value>, FcallRo<Value>, FunctionLoad, FunctionLoadReplace, FunctionDelete,
    FunctionFlush, FunctionFlushWith, FunctionDump<Bytes>, FunctionRestore, FunctionRestoreWith, FunctionKill,
    FunctionList, FunctionListWith, FunctionStatistics,
    // server
    BackupAbort, BackupCleanup, BackupList, BackupSeal, BackupStart, BackupState, Bgrewriteaof, Bgsave,
    BgsaveCancel, BgsaveSchedule, ConfigGet, ConfigGetAll, ConfigGetBytes, ConfigResetstat, ConfigRewrite, ConfigSet, ConfigSetAll, Dbsize,
    Flushall, FlushallWith, Flushdb, FlushdbWith, Info, InfoSection, InfoSections, Lastsave, MemoryUsage, MemoryUsageSamples, ModuleList,
    ModuleLoad, ModuleLoadex, ModuleUnload, Save, Shutdown, ShutdownAbort, ShutdownWith, Swapdb, Time,
    // set
    Sadd, Scard, Sdiff<Bytes>, Sdiffcard, SdiffcardLimit, Sdiffstore, Sexpire, SexpireWith, Sexpireat, SexpireatWith,
    Sexpiretime, Sinter<Bytes>, Sintercard, SintercardLimit, Sinterstore, Sismember, Smembers<Bytes>, Smismember,
    Smove, Spersist, Spexpire, SpexpireWith, Spexpireat, SpexpireatWith, Spexpiretime, Spop<Bytes>, SpopCount<Bytes>,
    Spttl, Srandmember<Bytes>, SrandmemberCount<Bytes>, Srem, Sscan<Bytes>, SscanWith<Bytes>, Sttl, Sunion<Bytes>,
    Sunioncard, SunioncardWith, Sunionstore,
    // sorted_set
    Bzmpop<Bytes>, BzmpopCount<Bytes>, Bzpopmax<Bytes>, Bzpopmin<Bytes>, Zadd, Zcard, Zcount, Zdiff<Bytes>,
    ZdiffWithscores<Bytes>, Zdiffstore, Zincrby, Zinter<Bytes>, Zintercard, ZintercardLimit, Zinterstore,
    ZinterstoreWith, Zlexcount, Zmpop<Bytes>, ZmpopCount<Bytes>, Zmscore, Zpopmax<Bytes>, ZpopmaxCount<Bytes>,
    Zpopmin<Bytes>, ZpopminCount<Bytes>, Zrandmember<Bytes>, ZrandmemberCount<Bytes>, ZrandmemberWithscores<Bytes>,
    Zrange<Bytes>, Zrangestore, ZrangestoreWith, Zrank, ZrankWithscore, Zrem, Zremrangebylex, Zremrangebyrank,
    Zremrangebyscore, Zrevrank, ZrevrankWithscore, Zscan<Bytes>, ZscanWith<Bytes>, ZscanNoscores<Bytes>,
    ZscanNoscoresWith<Bytes>, Zscore, Zunion<Bytes>, Zunionstore, ZunionstoreWith,
    // sorted_set/old_ranges
    Zrangebylex<Bytes>, ZrangebylexLimit<Bytes>, Zrangebyscore<Bytes>, Zrevrange<Bytes>, ZrevrangeWithscores<Bytes>,
    Zrevrangebylex<Bytes>, ZrevrangebylexLimit<Bytes>, Zrevrangebyscore<Bytes>,
    // stream/groups
    Xack, Xackdel, XackdelWith, Xautoclaim<Fields>, XautoclaimCount<Fields>, XautoclaimJustid, XautoclaimJustidCount,
    Xclaim<Fields>, XclaimJustid, XclaimJustidWith, XclaimWith<Fields>, XgroupCreate, XgroupCreateWith,
    XgroupCreateconsumer, XgroupDelconsumer, XgroupDestroy, XgroupSetid, XgroupSetidEntriesread, XinfoConsumers,
    XinfoGroups, Xnack, XnackWith, Xpending, XpendingRange, XpendingRangeWith, Xreadgroup<Fields>,
    XreadgroupBlock<Fields>, XreadgroupBlockWith<Fields, Unset>, XreadgroupHistory<Fields>,
    XreadgroupStreams<Fields, Unset>, XreadgroupStreamsBlock<Fields, Unset>, XreadgroupWith<Fields, Unset>,
    // stream
    Xadd, Xcfgset, Xdel, Xdelex, XdelexWith, XinfoStream<Fields>, XinfoStreamFull<Fields>,
    XinfoStreamFullCount<Fields>, Xlen, Xrange<Fields>, XrangeCount<Fields>, Xread<Fields>, XreadBlock<Fields>,
    XreadBlockWith<Fields>, XreadStreams<Fields>, XreadStreamsBlock<Fields>, XreadWith<Fields>, Xrevrange<Fields>,
    XrevrangeCount<Fields>, Xsetid, XsetidWith, Xtrim,
    // string
    Append, Decr, Decrby, Delex, DelexWith, Delifeq, Digest, Get<Bytes>, Getdel<Bytes>, Getex<Bytes>,
    GetexWith<Bytes>, Getrange<Bytes>, Getset<Bytes>, Incr, Incrby, Incrbyfloat, Increx, Lcs<Bytes>, Mget<Bytes>,
    Mset, Msetex, MsetexWith, Msetnx, Psetex, Set, Setex, Setnx, Setrange, Strlen, Substr<Bytes>,
    // vector_set
    Vadd, VaddWith, Vcard, Vdim, Vemb, VembRaw, Vgetattr<Bytes>, Vinfo, Vismember, Vlinks<Bytes>,
    VlinksWithscores<Bytes>, Vrandmember<Bytes>, VrandmemberCount<Bytes>, Vrange<Bytes>, VrangeCount<Bytes>, Vrem,
    Vsetattr, Vsim<Bytes>,
};

/// The rows of modules.
const MODULES: &[Decoder] = rows! {
    // bloom/bloom_filter
    BfAdd, BfCard, BfExists, BfInfo, BfInfoField, BfInsert, BfInsertNocreate, BfInsertWith, BfLoadchunk, BfMadd,
    BfMexists, BfReserve, BfReserveWith, BfScandump,
    // bloom/count_min_sketch
    CmsIncrby, CmsInfo, CmsInitbydim, CmsInitbyprob, CmsMerge, CmsMergeWeights, CmsQuery,
    // bloom/cuckoo_filter
    CfAdd, CfAddnx, CfCount, CfDel, CfExists, CfInfo, CfInsert, CfInsertCapacity, CfInsertNocreate, CfInsertnx,
    CfInsertnxCapacity, CfInsertnxNocreate, CfLoadchunk, CfMexists, CfReserve, CfReserveWith, CfScandump,
    // bloom/t_digest
    TdigestAdd, TdigestByrank, TdigestByrevrank, TdigestCdf, TdigestCreate, TdigestCreateCompression, TdigestInfo,
    TdigestMax, TdigestMerge, TdigestMergeWith, TdigestMin, TdigestQuantile, TdigestRank, TdigestReset,
    TdigestRevrank, TdigestTrimmedMean,
    // bloom/top_k
    TopkAdd<Bytes>, TopkCount, TopkIncrby<Bytes>, TopkInfo, TopkList<Bytes>, TopkListWithcount<Bytes>, TopkQuery,
    TopkReserve, TopkReserveWith,
    // json
    JsonArrappend, JsonArrindex, JsonArrindexRange, JsonArrinsert, JsonArrlen, JsonArrpop<RawJson>,
    JsonArrpopIndex<RawJson>, JsonArrtrim, JsonClear, JsonDebugMemory, JsonDel, JsonDelPath, JsonGet<RawJson>,
    JsonGetPath<RawJson>, JsonMerge, JsonMergePath, JsonMget<RawJson>, JsonNumincrby<f64>, JsonNummultby<f64>,
    JsonObjkeys, JsonObjlen, JsonSet, JsonSetWith, JsonSetPath, JsonSetPathWith, JsonStrappend, JsonStrlen,
    JsonToggle, JsonTypeOf, JsonGetPathWith, JsonGetPaths<RawJson>, JsonGetWith, JsonMset, JsonResp,
    // time_series
    TsAdd, TsAddWith, TsAlter, TsCreate, TsCreateWith, TsCreaterule, TsCreateruleAlign, TsDecrby, TsDecrbyWith, TsDel,
    TsDeleterule, TsGet, TsGetLatest, TsIncrby, TsIncrbyWith, TsInfo, TsInfoDebug, TsMadd, TsMget, TsMgetWith, TsMrange,
    TsMrangeWith, TsMrangeGroupby, TsMrangeGroupbyWith, TsMrevrange, TsMrevrangeWith, TsMrevrangeGroupby,
    TsMrevrangeGroupbyWith, TsQueryindex<Vec<Bytes>>, TsRange, TsRangeWith, TsRevrange, TsRevrangeWith,
    // search
    FtAlter, FtCreate, FtCreateWith, FtDropindex, FtDropindexDd, FtSearch<Product>,
    FtSearchWith<Product, Found<Option<Product>>>, FtAggregate<Product, Named>, FtAggregateWithcursor<Product, Named>,
    FtAliasadd, FtAliasdel, FtAliasupdate, FtConfigGet, FtConfigSet, FtCursorDel, FtCursorRead<Named>, FtDictadd, FtDictdel,
    FtDictdump, FtExplain, FtExplaincli, FtInfo, FtList, FtProfileAggregate<Product, Named>,
    FtProfileSearch<Product, Found<Option<Product>>>, FtSpellcheck, FtSpellcheckWith, FtSyndump, FtSynupdate,
    FtSynupdateSkipinitialscan, FtTagvals, FtSugadd, FtSugaddWith, FtSugdel, FtSugget, FtSuglen,
};
