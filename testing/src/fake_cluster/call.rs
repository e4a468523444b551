//! A command that a scripted node received, and how a node answers by itself.

use super::map::{Map, fields, id};
use crate::{cluster::hash_slot, reply};
use std::{collections::HashSet, ops::RangeInclusive};

/// A command that a scripted node received.
#[derive(Debug)]
pub struct Call<'a> {
    pub(super) node: usize,
    pub(super) words: &'a [String],
    pub(super) session: &'a mut Session,
    pub(super) map: &'a mut Map,
    pub(super) labels: &'a mut HashSet<String>,
}

/// The state of one connection of a scripted node.
#[derive(Debug)]
pub(super) struct Session {
    /// The place of the connection among those of its node.
    pub(super) connection: usize,
    pub(super) protocol: u8,
    pub(super) is_asking: bool,
    pub(super) reads_replica: bool,
    pub(super) transaction: Option<Transaction>,
}

/// What a connection queued since MULTI.
#[derive(Debug, Default)]
pub(super) struct Transaction {
    queued: Vec<Vec<String>>,
    /// The number of commands since MULTI, refused ones too.
    count: usize,
    is_refused: bool,
}

impl Session {
    pub(super) fn new(connection: usize) -> Self {
        Self { connection, protocol: 2, is_asking: false, reads_replica: false, transaction: None }
    }
}

impl Call<'_> {
    /// The place of the node that received the command; replicas stand behind all primaries.
    pub fn node(&self) -> usize {
        self.node
    }

    /// The place of the connection among all that its node accepted, from 0.
    pub fn connection(&self) -> usize {
        self.session.connection
    }

    /// The command and its arguments.
    pub fn words(&self) -> &[String] {
        self.words
    }

    /// The command's name in capitals.
    pub fn name(&self) -> String {
        self.words[0].to_ascii_uppercase()
    }

    /// The place of a command among those that are queued since MULTI, from 1; `None` for MULTI and EXEC themselves and
    /// outside of them.
    pub fn queued(&self) -> Option<usize> {
        let transaction = self.session.transaction.as_ref()?;
        (!is_transaction_command(&self.name())).then_some(transaction.count + 1)
    }

    /// Returns whether the connection is between MULTI and EXEC.
    pub fn is_in_transaction(&self) -> bool {
        self.session.transaction.is_some()
    }

    /// Returns whether ASKING went before the command, or before the MULTI that it belongs to.
    pub fn is_asking(&self) -> bool {
        self.session.is_asking
    }

    /// True for the first call with this label on any node, and false ever after.
    pub fn once(&mut self, label: &str) -> bool {
        self.labels.insert(label.to_owned())
    }

    /// The command's first key; for EXEC, that of the first queued command.
    pub fn key(&self) -> Option<String> {
        match self.session.transaction.as_ref() {
            Some(transaction) if self.name() == "EXEC" => transaction.queued.iter().find_map(|words| key(words)),
            _ => key(self.words),
        }
    }

    /// The slot of [`key`](Self::key); 0 without a key.
    pub fn slot(&self) -> u16 {
        self.key().map(hash_slot).unwrap_or_default()
    }

    /// MOVED to the node `to`, with the command's slot. The map stays as it is, see [`assign`](Self::assign).
    pub fn moved(&self, to: usize) -> Vec<u8> {
        self.map.redirect("MOVED", self.slot(), to)
    }

    /// ASK to the node `to`, with the command's slot.
    pub fn ask(&self, to: usize) -> Vec<u8> {
        self.map.redirect("ASK", self.slot(), to)
    }

    /// Gives slots to a node in the map that all nodes tell and follow.
    pub fn assign(&mut self, slots: RangeInclusive<u16>, to: usize) {
        self.map.assign(slots, Some(to));
    }

    /// What a node replies by itself: its own part of the cluster's protocol, MOVED for a slot that it does not serve,
    /// `+QUEUED` between MULTI and EXEC, and a canned value for everything else.
    pub(super) fn default_reply(&self) -> Vec<u8> {
        let name = self.name();
        if let Some(redirect) = self.redirect(&name) {
            return redirect;
        }
        match (&self.session.transaction, name.as_str()) {
            (Some(transaction), "EXEC") if transaction.is_refused => {
                reply::error("EXECABORT Transaction discarded because of previous errors.")
            }
            (Some(transaction), "EXEC") => reply::array(transaction.queued.iter().map(|words| canned(words))),
            (None, "EXEC") => reply::error("ERR EXEC without MULTI"),
            (Some(_), name) if !is_transaction_command(name) => reply::simple("QUEUED"),
            _ => self.administrative(&name).unwrap_or_else(|| canned(self.words)),
        }
    }

    /// Takes note of what the reply did to the connection's state.
    pub(super) fn apply(&mut self, reply: &[u8]) {
        let (name, is_error) = (self.name(), reply.starts_with(b"-"));
        match (self.session.transaction.as_mut(), name.as_str()) {
            (None, "MULTI") if !is_error => self.session.transaction = Some(Transaction::default()),
            (Some(_), "EXEC" | "DISCARD") => self.session.transaction = None,
            (Some(transaction), name) if !is_transaction_command(name) => {
                transaction.count += 1;
                transaction.is_refused |= is_error;
                transaction.queued.push(self.words.to_vec());
            }
            _ => {}
        }
        match name.as_str() {
            "HELLO" if !is_error => {
                self.session.protocol = if self.words.get(1).is_some_and(|it| it == "3") { 3 } else { 2 }
            }
            "READONLY" => self.session.reads_replica = !is_error,
            "READWRITE" => self.session.reads_replica = false,
            _ => {}
        }
        let in_transaction = self.session.transaction.is_some();
        self.session.is_asking = name == "ASKING" && !is_error || self.session.is_asking && in_transaction;
    }

    fn redirect(&self, name: &str) -> Option<Vec<u8>> {
        if name == "EXEC" {
            return None;
        }
        let slot = hash_slot(self.key()?);
        let is_readable = self.map.nodes[self.node].replicates.is_none() || self.session.reads_replica;
        if self.session.is_asking || is_readable && self.map.serves(self.node, slot) {
            return None;
        }
        Some(match self.map.owner(slot) {
            Some(owner) => self.map.redirect("MOVED", slot, owner),
            None => reply::error("CLUSTERDOWN Hash slot not served"),
        })
    }

    fn administrative(&self, name: &str) -> Option<Vec<u8>> {
        let second = self.words.get(1).map(|word| word.to_ascii_uppercase()).unwrap_or_default();
        Some(match (name, second.as_str()) {
            ("HELLO", protocol) => self.hello(if protocol == "3" { 3 } else { 2 }),
            ("INFO", _) => {
                let zone = self.own_zone().map(|zone| format!("availability_zone:{zone}\r\n")).unwrap_or_default();
                reply::bulk(format!(
                    "# Server\r\nredis_version:7.0.15\r\nredis_mode:cluster\r\n{zone}cluster_enabled:1\r\n"
                ))
            }
            ("CLUSTER", "SLOTS") => self.map.slots(),
            ("CLUSTER", "SHARDS") => self.map.shards(self.session.protocol),
            ("CLUSTER", "NODES") => self.map.lines(self.node),
            ("CLUSTER", "MYID") => reply::bulk(id(self.node)),
            ("CLUSTER", "INFO") => reply::bulk("cluster_enabled:1\r\ncluster_state:ok\r\n"),
            _ => return None,
        })
    }

    fn hello(&self, protocol: u8) -> Vec<u8> {
        let hello = [
            ("server", reply::bulk("redis")),
            ("version", reply::bulk("7.0.15")),
            ("proto", reply::integer(protocol.into())),
            ("id", reply::integer(1)),
            ("mode", reply::bulk("cluster")),
            ("role", reply::bulk(self.map.role(self.node))),
            ("modules", reply::array([])),
        ];
        let zone = self.own_zone().map(|zone| ("availability_zone", reply::bulk(zone)));
        fields(protocol, hello.into_iter().chain(zone))
    }

    fn own_zone(&self) -> Option<&str> {
        self.map.nodes[self.node].own_zone.as_deref()
    }
}

/// Commands that are not queued between MULTI and EXEC.
fn is_transaction_command(name: &str) -> bool {
    matches!(name, "MULTI" | "EXEC" | "DISCARD" | "WATCH" | "ASKING" | "RESET" | "QUIT")
}

/// The first key of a command.
fn key(words: &[String]) -> Option<String> {
    let key = match words[0].to_ascii_uppercase().as_str() {
        "ACL" | "ASKING" | "AUTH" | "CLIENT" | "CLUSTER" | "COMMAND" | "CONFIG" | "DBSIZE" | "DISCARD" | "ECHO"
        | "EXEC" | "FLUSHALL" | "FLUSHDB" | "FUNCTION" | "HELLO" | "INFO" | "KEYS" | "LASTSAVE" | "MULTI" | "PING"
        | "PUBLISH" | "QUIT" | "RANDOMKEY" | "READONLY" | "READWRITE" | "RESET" | "ROLE" | "SCAN" | "SCRIPT"
        | "SELECT" | "TIME" | "UNWATCH" | "WAIT" => None,
        "EVAL" | "EVAL_RO" | "EVALSHA" | "EVALSHA_RO" | "FCALL" | "FCALL_RO"
            if words.get(2).is_some_and(|it| it == "0") =>
        {
            None
        }
        "EVAL" | "EVAL_RO" | "EVALSHA" | "EVALSHA_RO" | "FCALL" | "FCALL_RO" | "BLMPOP" | "BZMPOP" => words.get(3),
        "BITOP" | "LMPOP" | "MEMORY" | "OBJECT" | "SINTERCARD" | "XGROUP" | "XINFO" | "ZDIFF" | "ZINTER" | "ZMPOP"
        | "ZUNION" => words.get(2),
        "XREAD" | "XREADGROUP" => {
            words.iter().position(|word| word.eq_ignore_ascii_case("STREAMS")).and_then(|place| words.get(place + 1))
        }
        _ => words.get(1),
    };
    key.cloned()
}

/// The reply of a server whose every key holds `v`.
fn canned(words: &[String]) -> Vec<u8> {
    match words[0].to_ascii_uppercase().as_str() {
        "PING" => reply::simple("PONG"),
        "ECHO" => reply::bulk(&words[1]),
        "GET" | "GETDEL" | "GETSET" | "HGET" | "LPOP" | "RPOP" => reply::bulk("v"),
        "MGET" => reply::array(words[1..].iter().map(|_| reply::bulk("v"))),
        "DEL" | "EXISTS" | "TOUCH" | "UNLINK" => reply::integer(words.len() as i64 - 1),
        "APPEND" | "DBSIZE" | "DECR" | "DECRBY" | "EXPIRE" | "HSET" | "INCR" | "INCRBY" | "LPUSH" | "PERSIST"
        | "RPUSH" | "SADD" | "SREM" | "STRLEN" | "ZADD" => reply::integer(1),
        "KEYS" | "COMMAND" => reply::array([]),
        "SCAN" => reply::array([reply::bulk("0"), reply::array([])]),
        _ => reply::simple("OK"),
    }
}
