//! Replies of the commands on the server's logs and on its memory.

use crate::{
    reply::{Any, Array, FromReply, Integer, Value, record::records},
    resp::{DecodeError, Reader},
};
use bytes::Bytes;
use std::time::{Duration, SystemTime};

/// An entry of the log of slow commands, of SLOWLOG GET.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SlowlogEntry {
    /// The number of the entry, which no other one has.
    pub id: i64,
    /// The time at which the command ran, in whole seconds.
    pub time: SystemTime,
    /// The time that it took.
    pub duration: Duration,
    /// The words of the command; the server cuts long ones.
    pub command: Vec<Bytes>,
    /// The address of the client, since 4.0.
    pub client_addr: Option<String>,
    /// The name of the client's connection, since 4.0; `None` if it has none.
    pub client_name: Option<String>,
    /// What newer servers tell besides: Redis 8.10 the number of arguments, and 8.12 the processor time too.
    pub others: Vec<Value>,
}

/// An entry of a log of commands, of COMMANDLOG GET.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CommandlogEntry {
    /// The number of the entry, which no other one has.
    pub id: i64,
    /// The time at which the command ran, in whole seconds.
    pub time: SystemTime,
    /// Of a slow command the microseconds that it took, else the bytes of the request or the reply.
    pub value: u64,
    /// The words of the command; the server cuts long ones.
    pub command: Vec<Bytes>,
    /// The address of the client.
    pub client_addr: Option<String>,
    /// The name of the client's connection; `None` if it has none.
    pub client_name: Option<String>,
    /// What newer servers tell besides.
    pub others: Vec<Value>,
}

/// A kind of delay, of LATENCY LATEST.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct LatencyEvent {
    /// The name of the event, such as `command`.
    pub event: String,
    /// The time of the last delay, in whole seconds.
    pub time: SystemTime,
    /// The milliseconds of the last delay.
    pub latest_ms: u64,
    /// The milliseconds of the longest delay.
    pub longest_ms: u64,
    /// What newer servers tell besides: Redis 8.2 and Valkey 8.1 the sum of all delays and their number.
    pub others: Vec<Value>,
}

#[diagnostic::do_not_recommend]
impl FromReply<Any> for CommandlogEntry {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let count = at_least(4, reader.array()?)?;
        Ok(CommandlogEntry {
            id: reader.integer()?,
            time: FromReply::<Integer>::read(reader)?,
            value: FromReply::<Integer>::read(reader)?,
            command: FromReply::<Any>::read(reader)?,
            client_addr: if count > 4 { text(reader)? } else { None },
            client_name: if count > 5 { text(reader)? } else { None },
            others: rest(6..count, reader)?,
        })
    }
}

#[diagnostic::do_not_recommend]
impl FromReply<Any> for SlowlogEntry {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let CommandlogEntry { id, time, value, command, client_addr, client_name, others } =
            FromReply::<Any>::read(reader)?;
        Ok(SlowlogEntry { id, time, duration: Duration::from_micros(value), command, client_addr, client_name, others })
    }
}

#[diagnostic::do_not_recommend]
impl FromReply<Any> for LatencyEvent {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let count = at_least(4, reader.array()?)?;
        Ok(LatencyEvent {
            event: reader.text()?.to_owned(),
            time: FromReply::<Integer>::read(reader)?,
            latest_ms: FromReply::<Integer>::read(reader)?,
            longest_ms: FromReply::<Integer>::read(reader)?,
            others: rest(4..count, reader)?,
        })
    }
}

fn at_least(least: usize, found: usize) -> Result<usize, DecodeError> {
    if found >= least {
        return Ok(found);
    }
    Err(DecodeError::mismatch(
        &format!("an entry of {least} elements or more"),
        format!("an array of {found} elements"),
    ))
}

/// Reads a text that is `None` if it is empty.
fn text(reader: &mut Reader<'_>) -> Result<Option<String>, DecodeError> {
    Ok(Some(reader.text()?).filter(|text| !text.is_empty()).map(str::to_owned))
}

fn rest(elements: std::ops::Range<usize>, reader: &mut Reader<'_>) -> Result<Vec<Value>, DecodeError> {
    elements.map(|_| FromReply::<Any>::read(reader)).collect()
}

records! {
    /// The times that a command took, of LATENCY HISTOGRAM.
    pub struct LatencyHistogram {
        /// The number of calls.
        calls: u64 = "calls" or default,
        /// Times in microseconds, each twice the one before or more, and how many calls took no longer.
        histogram_usec: Vec<(u64, u64)> = "histogram_usec" or default,
    } and others

    /// What the server's memory holds, of MEMORY STATS. Sizes are in bytes.
    pub struct MemoryStats {
        /// The most memory that was allocated at a time.
        peak_allocated: u64 = "peak.allocated",
        /// The memory that is allocated.
        total_allocated: u64 = "total.allocated",
        /// The memory that was allocated when the server started.
        startup_allocated: u64 = "startup.allocated",
        /// The memory of all that is not the data.
        overhead_total: u64 = "overhead.total",
        /// The number of keys in all databases.
        keys_count: u64 = "keys.count",
        /// The memory of a key on average.
        bytes_per_key: u64 = "keys.bytes-per-key",
        /// The memory of the data.
        dataset_bytes: u64 = "dataset.bytes",
        /// The part of the data in what was allocated since the start, in percent.
        dataset_percentage: f64 = "dataset.percentage",
        /// The part of what is allocated in the most that was, in percent.
        peak_percentage: f64 = "peak.percentage",
        /// What the process takes, relative to what is allocated.
        fragmentation: Option<f64> = "fragmentation" or default,
    } and others
}

records! {
    /// A key that is asked for often, of HOTKEYS GET of Valkey.
    pub struct HotKey {
        /// The key.
        key: Bytes = "key",
        /// Its database.
        db: u64 = "db" or default,
        /// The requests for it in a second.
        qps: f64 = "qps" or default,
    } and others

    /// The report of a session that tracks keys, of HOTKEYS GET of Redis. Fields come and go with what the session measures.
    pub struct HotkeysReport {
        /// Whether the session still runs.
        is_active: bool = "tracking-active",
        /// The keys that took most processor time, in microseconds, the first one the most.
        by_cpu_time_us: Vec<(Bytes, u64)> = "by-cpu-time-us" | "by-cpu-time" or default,
        /// The keys with the most bytes of requests and replies, the first one the most.
        by_net_bytes: Vec<(Bytes, u64)> = "by-net-bytes" or default,
    } and others
}

/// The report stands in an array of its own.
#[diagnostic::do_not_recommend]
impl FromReply<Array<Any>> for HotkeysReport {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match reader.array()? {
            1 => FromReply::<Any>::read(reader),
            count => Err(DecodeError::mismatch("one report", format!("{count} reports"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reply::Nullable;

    fn read<T: FromReply<Any>>(reply: &'static [u8]) -> Result<T, DecodeError> {
        Reader::new(&Bytes::from_static(reply)).read_reply(T::read)
    }

    #[test]
    fn entries_of_a_log_grow() {
        let old: SlowlogEntry = read(b"*4\r\n:1\r\n:5\r\n:7\r\n*1\r\n$4\r\nPING\r\n").unwrap();
        assert_eq!((old.id, old.duration, old.client_addr, old.others.len()), (1, Duration::from_micros(7), None, 0));
        let new: SlowlogEntry =
            read(b"*8\r\n:1\r\n:5\r\n:7\r\n*1\r\n$4\r\nPING\r\n$3\r\na:1\r\n$0\r\n\r\n:1\r\n:9\r\n").unwrap();
        assert_eq!((new.client_addr.as_deref(), new.client_name), (Some("a:1"), None));
        assert_eq!(new.others, [Value::Integer(1), Value::Integer(9)]);
        assert!(read::<SlowlogEntry>(b"*3\r\n:1\r\n:5\r\n:7\r\n").is_err());
    }

    /// Both vendors have HOTKEYS GET, so a client without a declared version may ask either.
    #[test]
    fn the_hot_keys_of_valkey_are_no_report() {
        let read = |reply: &'static str| {
            Reader::new(&Bytes::from(reply.replace(' ', "\r\n")))
                .read_reply(<Option<HotkeysReport> as FromReply<Nullable<Array<Any>>>>::read)
        };
        assert!(read("*1 %3 $3 key $2 hk $2 db :0 $3 qps :7 ").is_err());
        assert!(read("*1 *6 $3 key $2 hk $2 db :0 $3 qps :7 ").is_err());
        assert!(read("*0 ").is_err());
        assert!(read("_ ").unwrap().is_none());
        let report = read("*1 %2 $15 tracking-active :1 $11 by-cpu-time *2 $2 hk :5 ").unwrap().unwrap();
        assert_eq!((report.is_active, report.by_cpu_time_us), (true, vec![("hk".into(), 5)]));
    }

    #[test]
    fn events_of_latency_grow() {
        let old: LatencyEvent = read(b"*4\r\n$1\r\ne\r\n:5\r\n:7\r\n:8\r\n").unwrap();
        assert_eq!((old.latest_ms, old.longest_ms, old.others.len()), (7, 8, 0));
        let new: LatencyEvent = read(b"*6\r\n$1\r\ne\r\n:5\r\n:7\r\n:8\r\n:15\r\n:2\r\n").unwrap();
        assert_eq!(new.others, [Value::Integer(15), Value::Integer(2)]);
    }
}
