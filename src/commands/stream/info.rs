//! The replies of XINFO. Fields that only newer servers send are `Option`, and fields that typedis does not know are skipped.

use super::{
    id::StreamId,
    replies::{EntryShape, StreamEntry, known},
};
use crate::{
    reply::{Any, Bulk, FromReply, Map, record::records},
    resp::{DecodeError, Reader},
};
use bytes::Bytes;

records! {
    /// The reply of XINFO STREAM. `T` is the type of an entry's fields.
    #[derive(Eq)]
    pub struct StreamInfo<T: FromReply<Map<Bulk, Bulk>>> {
        /// The number of entries.
        length: u64 = "length",
        /// The number of keys in the radix tree that holds the entries.
        radix_tree_keys: u64 = "radix-tree-keys",
        /// The number of nodes in the radix tree that holds the entries.
        radix_tree_nodes: u64 = "radix-tree-nodes",
        /// The id that was given last. New ids are above it, also when its entry is deleted.
        last_generated_id: StreamId = "last-generated-id",
        /// The highest id of a deleted entry, `0-0` if none was deleted. Since 7.0.
        max_deleted_entry_id: Option<StreamId> = "max-deleted-entry-id" or default,
        /// The number of entries that were ever added. Since 7.0.
        entries_added: Option<u64> = "entries-added" or default,
        /// The lowest id of an entry, `0-0` if there is none. Since 7.0.
        recorded_first_entry_id: Option<StreamId> = "recorded-first-entry-id" or default,
        /// The seconds for which ids of producers are remembered (IDMP). Since Redis 8.6, as the five below.
        idmp_duration: Option<u64> = "idmp-duration" or default,
        /// The number of ids that are remembered of each producer.
        idmp_maxsize: Option<u64> = "idmp-maxsize" or default,
        /// The number of producers of which ids are remembered.
        pids_tracked: Option<u64> = "pids-tracked" or default,
        /// The number of ids that are remembered.
        iids_tracked: Option<u64> = "iids-tracked" or default,
        /// The number of entries that were ever added with an id of their producer.
        iids_added: Option<u64> = "iids-added" or default,
        /// The number of entries that were not added, because the id of their producer was known.
        iids_duplicates: Option<u64> = "iids-duplicates" or default,
        /// The number of consumer groups.
        groups: u64 = "groups",
        /// The first entry, if there is one.
        first_entry: Option<StreamEntry<T>> = "first-entry" or default,
        /// The last entry, if there is one.
        last_entry: Option<StreamEntry<T>> = "last-entry" or default,
    }

    /// The reply of XINFO STREAM with FULL. `T` is the type of an entry's fields.
    #[derive(Eq)]
    pub struct FullStreamInfo<T: FromReply<Map<Bulk, Bulk>>> {
        /// The number of entries.
        length: u64 = "length",
        /// The number of keys in the radix tree that holds the entries.
        radix_tree_keys: u64 = "radix-tree-keys",
        /// The number of nodes in the radix tree that holds the entries.
        radix_tree_nodes: u64 = "radix-tree-nodes",
        /// The id that was given last.
        last_generated_id: StreamId = "last-generated-id",
        /// The highest id of a deleted entry, `0-0` if none was deleted. Since 7.0.
        max_deleted_entry_id: Option<StreamId> = "max-deleted-entry-id" or default,
        /// The number of entries that were ever added. Since 7.0.
        entries_added: Option<u64> = "entries-added" or default,
        /// The lowest id of an entry, `0-0` if there is none. Since 7.0.
        recorded_first_entry_id: Option<StreamId> = "recorded-first-entry-id" or default,
        /// The seconds for which ids of producers are remembered (IDMP). Since Redis 8.6, as the five below.
        idmp_duration: Option<u64> = "idmp-duration" or default,
        /// The number of ids that are remembered of each producer.
        idmp_maxsize: Option<u64> = "idmp-maxsize" or default,
        /// The number of producers of which ids are remembered.
        pids_tracked: Option<u64> = "pids-tracked" or default,
        /// The number of ids that are remembered.
        iids_tracked: Option<u64> = "iids-tracked" or default,
        /// The number of entries that were ever added with an id of their producer.
        iids_added: Option<u64> = "iids-added" or default,
        /// The number of entries that were not added, because the id of their producer was known.
        iids_duplicates: Option<u64> = "iids-duplicates" or default,
        /// The first entries, as many as COUNT says.
        entries: Vec<StreamEntry<T>> = "entries",
        /// The consumer groups.
        groups: Vec<FullGroupInfo> = "groups",
    }

    /// A consumer group in the reply of XINFO STREAM with FULL.
    #[derive(Eq)]
    pub struct FullGroupInfo {
        /// The name of the group.
        name: Bytes = "name",
        /// The id of the entry that was delivered last.
        last_delivered_id: StreamId = "last-delivered-id",
        /// The number of entries that the group has read, where the server knows it. Since 7.0.
        entries_read: Option<u64> = "entries-read" or default,
        /// The number of entries that the group has still to read, where the server knows it. Since 7.0.
        lag: Option<u64> = "lag" or default by known,
        /// The number of pending entries.
        pel_count: u64 = "pel-count",
        /// The number of pending entries that were given back by XNACK. Since Redis 8.8.
        nacked_count: Option<u64> = "nacked-count" or default,
        /// The first pending entries, as many as COUNT says.
        pending: Vec<GroupPending> = "pending" | "pel",
        /// The consumers.
        consumers: Vec<FullConsumerInfo> = "consumers",
    }

    /// A consumer in the reply of XINFO STREAM with FULL.
    #[derive(Eq)]
    pub struct FullConsumerInfo {
        /// The name of the consumer.
        name: Bytes = "name",
        /// The Unix time in milliseconds at which the consumer last tried to get entries.
        seen_time: u64 = "seen-time",
        /// The Unix time in milliseconds at which the consumer last got entries, if it ever did. Since 7.2.
        active_time: Option<u64> = "active-time" or default by known,
        /// The number of its pending entries.
        pel_count: u64 = "pel-count",
        /// Its first pending entries, as many as COUNT says.
        pending: Vec<ConsumerPending> = "pending" | "pel",
    }

    /// A consumer group in the reply of XINFO GROUPS.
    #[derive(Eq)]
    pub struct GroupInfo {
        /// The name of the group.
        name: Bytes = "name",
        /// The number of consumers.
        consumers: u64 = "consumers",
        /// The number of pending entries.
        pending: u64 = "pending",
        /// The id of the entry that was delivered last.
        last_delivered_id: StreamId = "last-delivered-id",
        /// The number of entries that the group has read, where the server knows it. Since 7.0.
        entries_read: Option<u64> = "entries-read" or default,
        /// The number of entries that the group has still to read, where the server knows it. Since 7.0.
        lag: Option<u64> = "lag" or default by known,
        /// The number of pending entries that were given back by XNACK, where the server tells it.
        nacked_count: Option<u64> = "nacked-count" or default,
    }

    /// A consumer in the reply of XINFO CONSUMERS.
    #[derive(Eq)]
    pub struct ConsumerInfo {
        /// The name of the consumer.
        name: Bytes = "name",
        /// The number of its pending entries.
        pending: u64 = "pending",
        /// The milliseconds since the consumer last tried to get entries.
        idle: u64 = "idle",
        /// The milliseconds since the consumer last got entries, if it ever did. Since 7.2.
        inactive: Option<u64> = "inactive" or default by known,
    }
}

/// A pending entry of a group in the reply of XINFO STREAM with FULL.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct GroupPending {
    /// The id of the entry.
    pub id: StreamId,
    /// The consumer that has the entry; `None` if XNACK gave it back.
    pub consumer: Option<Bytes>,
    /// The Unix time in milliseconds of the last delivery; 0 if XNACK gave the entry back.
    pub delivery_time: u64,
    /// The number of deliveries.
    pub deliveries: u64,
}

/// A pending entry of a consumer in the reply of XINFO STREAM with FULL.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConsumerPending {
    /// The id of the entry.
    pub id: StreamId,
    /// The Unix time in milliseconds of the last delivery.
    pub delivery_time: u64,
    /// The number of deliveries.
    pub deliveries: u64,
}

#[diagnostic::do_not_recommend]
impl FromReply<Any> for GroupPending {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (id, consumer, delivery_time, deliveries): (_, Bytes, _, _) = FromReply::<Any>::read(reader)?;
        let consumer = Some(consumer).filter(|name| !name.is_empty());
        Ok(GroupPending { id, consumer, delivery_time, deliveries })
    }
}

#[diagnostic::do_not_recommend]
impl FromReply<Any> for ConsumerPending {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (id, delivery_time, deliveries) = FromReply::<Any>::read(reader)?;
        Ok(ConsumerPending { id, delivery_time, deliveries })
    }
}

/// For scripts, and within the replies of XINFO.
#[diagnostic::do_not_recommend]
impl<T: FromReply<Map<Bulk, Bulk>>> FromReply<Any> for StreamEntry<T> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        FromReply::<EntryShape>::read(reader)
    }
}
