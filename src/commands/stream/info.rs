//! The replies of XINFO. Fields that only newer servers send are `Option`, and fields that typedis does not know are skipped.

use super::{
    id::StreamId,
    replies::{EntryShape, StreamEntry, known},
};
use crate::{
    reply::{Any, Bulk, FromReply, Map},
    resp::{DecodeError, Reader},
};
use bytes::Bytes;

/// Declares replies of XINFO: structs with the names of their fields on the wire. A field is read as any reply of its type, or
/// by the function behind `by`.
macro_rules! info {
    ($(
        $(#[$meta:meta])*
        pub struct $name:ident $(<$param:ident>)? {
            $($(#[$doc:meta])* $field:ident: $type:ty = $($wire:literal)|+ $(, by $read:path)?;)+
        }
    )+) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct $name $(<$param>)? {
            $($(#[$doc])* pub $field: $type,)+
        }

        #[diagnostic::do_not_recommend]
        impl $(<$param: FromReply<Map<Bulk, Bulk>>>)? FromReply<Map<Bulk, Any>> for $name $(<$param>)? {
            fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
                let mut info = $name { $($field: Default::default(),)+ };
                for _ in 0..reader.map()? {
                    match reader.bytes()? {
                        $($($wire)|+ => info.$field = info!(@read reader $($read)?),)+
                        _ => reader.ignore()?,
                    }
                }
                Ok(info)
            }
        }

        #[diagnostic::do_not_recommend]
        impl $(<$param: FromReply<Map<Bulk, Bulk>>>)? FromReply<Any> for $name $(<$param>)? {
            fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
                FromReply::<Map<Bulk, Any>>::read(reader)
            }
        }
    )+};
    (@read $reader:ident) => { FromReply::<Any>::read($reader)? };
    (@read $reader:ident $read:path) => { $read($reader)? };
}

info! {
    /// The reply of XINFO STREAM. `T` is the type of an entry's fields.
    pub struct StreamInfo<T> {
        /// The number of entries.
        length: u64 = b"length";
        /// The number of keys in the radix tree that holds the entries.
        radix_tree_keys: u64 = b"radix-tree-keys";
        /// The number of nodes in the radix tree that holds the entries.
        radix_tree_nodes: u64 = b"radix-tree-nodes";
        /// The id that was given last. New ids are above it, also when its entry is deleted.
        last_generated_id: StreamId = b"last-generated-id";
        /// The highest id of a deleted entry, `0-0` if none was deleted. Since 7.0.
        max_deleted_entry_id: Option<StreamId> = b"max-deleted-entry-id";
        /// The number of entries that were ever added. Since 7.0.
        entries_added: Option<u64> = b"entries-added";
        /// The lowest id of an entry, `0-0` if there is none. Since 7.0.
        recorded_first_entry_id: Option<StreamId> = b"recorded-first-entry-id";
        /// The seconds for which ids of producers are remembered (IDMP). Since Redis 8.6, as the five below.
        idmp_duration: Option<u64> = b"idmp-duration";
        /// The number of ids that are remembered of each producer.
        idmp_maxsize: Option<u64> = b"idmp-maxsize";
        /// The number of producers of which ids are remembered.
        pids_tracked: Option<u64> = b"pids-tracked";
        /// The number of ids that are remembered.
        iids_tracked: Option<u64> = b"iids-tracked";
        /// The number of entries that were ever added with an id of their producer.
        iids_added: Option<u64> = b"iids-added";
        /// The number of entries that were not added, because the id of their producer was known.
        iids_duplicates: Option<u64> = b"iids-duplicates";
        /// The number of consumer groups.
        groups: u64 = b"groups";
        /// The first entry, if there is one.
        first_entry: Option<StreamEntry<T>> = b"first-entry";
        /// The last entry, if there is one.
        last_entry: Option<StreamEntry<T>> = b"last-entry";
    }

    /// The reply of XINFO STREAM with FULL. `T` is the type of an entry's fields.
    pub struct FullStreamInfo<T> {
        /// The number of entries.
        length: u64 = b"length";
        /// The number of keys in the radix tree that holds the entries.
        radix_tree_keys: u64 = b"radix-tree-keys";
        /// The number of nodes in the radix tree that holds the entries.
        radix_tree_nodes: u64 = b"radix-tree-nodes";
        /// The id that was given last.
        last_generated_id: StreamId = b"last-generated-id";
        /// The highest id of a deleted entry, `0-0` if none was deleted. Since 7.0.
        max_deleted_entry_id: Option<StreamId> = b"max-deleted-entry-id";
        /// The number of entries that were ever added. Since 7.0.
        entries_added: Option<u64> = b"entries-added";
        /// The lowest id of an entry, `0-0` if there is none. Since 7.0.
        recorded_first_entry_id: Option<StreamId> = b"recorded-first-entry-id";
        /// The seconds for which ids of producers are remembered (IDMP). Since Redis 8.6, as the five below.
        idmp_duration: Option<u64> = b"idmp-duration";
        /// The number of ids that are remembered of each producer.
        idmp_maxsize: Option<u64> = b"idmp-maxsize";
        /// The number of producers of which ids are remembered.
        pids_tracked: Option<u64> = b"pids-tracked";
        /// The number of ids that are remembered.
        iids_tracked: Option<u64> = b"iids-tracked";
        /// The number of entries that were ever added with an id of their producer.
        iids_added: Option<u64> = b"iids-added";
        /// The number of entries that were not added, because the id of their producer was known.
        iids_duplicates: Option<u64> = b"iids-duplicates";
        /// The first entries, as many as COUNT says.
        entries: Vec<StreamEntry<T>> = b"entries";
        /// The consumer groups.
        groups: Vec<FullGroupInfo> = b"groups";
    }

    /// A consumer group in the reply of XINFO STREAM with FULL.
    pub struct FullGroupInfo {
        /// The name of the group.
        name: Bytes = b"name";
        /// The id of the entry that was delivered last.
        last_delivered_id: StreamId = b"last-delivered-id";
        /// The number of entries that the group has read, where the server knows it. Since 7.0.
        entries_read: Option<u64> = b"entries-read";
        /// The number of entries that the group has still to read, where the server knows it. Since 7.0.
        lag: Option<u64> = b"lag", by known;
        /// The number of pending entries.
        pel_count: u64 = b"pel-count";
        /// The number of pending entries that were given back by XNACK. Since Redis 8.8.
        nacked_count: Option<u64> = b"nacked-count";
        /// The first pending entries, as many as COUNT says.
        pending: Vec<GroupPending> = b"pending" | b"pel";
        /// The consumers.
        consumers: Vec<FullConsumerInfo> = b"consumers";
    }

    /// A consumer in the reply of XINFO STREAM with FULL.
    pub struct FullConsumerInfo {
        /// The name of the consumer.
        name: Bytes = b"name";
        /// The Unix time in milliseconds at which the consumer last tried to get entries.
        seen_time: u64 = b"seen-time";
        /// The Unix time in milliseconds at which the consumer last got entries, if it ever did. Since 7.2.
        active_time: Option<u64> = b"active-time", by known;
        /// The number of its pending entries.
        pel_count: u64 = b"pel-count";
        /// Its first pending entries, as many as COUNT says.
        pending: Vec<ConsumerPending> = b"pending" | b"pel";
    }

    /// A consumer group in the reply of XINFO GROUPS.
    pub struct GroupInfo {
        /// The name of the group.
        name: Bytes = b"name";
        /// The number of consumers.
        consumers: u64 = b"consumers";
        /// The number of pending entries.
        pending: u64 = b"pending";
        /// The id of the entry that was delivered last.
        last_delivered_id: StreamId = b"last-delivered-id";
        /// The number of entries that the group has read, where the server knows it. Since 7.0.
        entries_read: Option<u64> = b"entries-read";
        /// The number of entries that the group has still to read, where the server knows it. Since 7.0.
        lag: Option<u64> = b"lag", by known;
        /// The number of pending entries that were given back by XNACK, where the server tells it.
        nacked_count: Option<u64> = b"nacked-count";
    }

    /// A consumer in the reply of XINFO CONSUMERS.
    pub struct ConsumerInfo {
        /// The name of the consumer.
        name: Bytes = b"name";
        /// The number of its pending entries.
        pending: u64 = b"pending";
        /// The milliseconds since the consumer last tried to get entries.
        idle: u64 = b"idle";
        /// The milliseconds since the consumer last got entries, if it ever did. Since 7.2.
        inactive: Option<u64> = b"inactive", by known;
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
