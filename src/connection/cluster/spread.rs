//! The spread of a request over the nodes of its slots, as it goes in the usual case: every command has a slot, every slot has a
//! node, and no node refuses anything. What does not go so is left to `scatter`, which costs more for each command.

use super::{join::join, node::ClusterNode, slot_map::SlotMap, split::SplitCommand, state::Cluster};
use crate::{
    command::Route,
    connection::{
        failure::RequestError,
        request::{RawReplies, Request},
        routing::CommandPart,
    },
    key::SlotState,
    resp::{FirstArgument, reply_end},
};
use bytes::Bytes;
use std::{mem, sync::Arc};

/// The commands of a request, or the parts of its only one, grouped by node.
pub(super) struct Spread {
    groups: Vec<Group>,
    order: Order,
}

/// What one node is sent in one write.
struct Group {
    node: Arc<ClusterNode>,
    bytes: Vec<u8>,
    commands: usize,
}

/// The order of the replies.
enum Order {
    /// The index of each command's group.
    Commands(Vec<u16>),
    /// That of the keys of the only command.
    Keys(SplitCommand),
}

/// The answer of one node to the pieces of a request with these indexes.
pub(super) type GroupAnswer = (Arc<ClusterNode>, Vec<usize>, Result<RawReplies, RequestError>);

const NO_GROUP: u16 = u16::MAX;

impl Spread {
    /// Groups a request that can be sent so.
    pub(super) fn new(cluster: &Cluster, request: &Request) -> Option<Spread> {
        if !request.scripts().is_empty() {
            return None;
        }
        let map = cluster.map();
        match request.parts() {
            [part] if part.slot == SlotState::Crossed => Spread::of_keys(&map, request, part),
            parts => Spread::of_commands(&map, request, parts),
        }
    }

    fn of_commands(map: &SlotMap, request: &Request, parts: &[CommandPart]) -> Option<Spread> {
        let mut groups: Vec<Group> = Vec::new();
        let mut group_of_shard = vec![NO_GROUP; map.shards().len()];
        let mut order = Vec::with_capacity(parts.len());
        let (bytes, mut start) = (request.bytes(), 0);
        for part in parts {
            let SlotState::One(slot) = part.slot else { return None };
            if matches!(part.info.route, Route::AllShards(_) | Route::AllNodes(_)) {
                return None;
            }
            let shard = map.index(slot)?;
            let number = group_of_shard.get_mut(shard)?;
            if *number == NO_GROUP {
                *number = u16::try_from(groups.len()).ok()?;
                let node = map.shards().get(shard)?.primary.clone();
                let capacity = bytes.len() / map.shards().len().max(1) + 64;
                groups.push(Group { node, bytes: Vec::with_capacity(capacity), commands: 0 });
            }
            let group = groups.get_mut(usize::from(*number))?;
            let end = part.end as usize;
            group.bytes.extend_from_slice(bytes.get(start..end)?);
            group.commands += 1;
            order.push(*number);
            start = end;
        }
        Some(Spread { groups, order: Order::Commands(order) })
    }

    fn of_keys(map: &SlotMap, request: &Request, part: &CommandPart) -> Option<Spread> {
        let command = request.encoded_command(0)?;
        let group_of = |slot| map.index(slot).map_or(NO_GROUP, |index| index as u16);
        let split = SplitCommand::new(&command, part.info.name_words, FirstArgument::of(part.info), group_of).ok()?;
        let mut groups = Vec::new();
        for parts in split.parts().chunk_by(|a, b| a.group == b.group) {
            let (first, last) = (parts.first()?, parts.last()?);
            let node = map.shards().get(usize::from(first.group))?.primary.clone();
            let bytes = split.bytes().get(first.bytes.start..last.bytes.end)?.to_vec();
            groups.push(Group { node, bytes, commands: parts.len() });
        }
        Some(Spread { groups, order: Order::Keys(split) })
    }

    /// Sends each node what is for it, side by side. Returns the replies in the order of the commands or of the keys, or, if one of
    /// them is an error or is missing, the answers of the nodes.
    pub(super) async fn send(mut self, cluster: &Cluster, request: &Request) -> Result<RawReplies, Vec<GroupAnswer>> {
        let calls = self.groups.iter_mut().map(|group| {
            let request = Request::of_commands(mem::take(&mut group.bytes), group.commands);
            let shared = cluster.nodes().open(&group.node).shared().clone();
            async move { shared.call(request).await }
        });
        let answers = join(calls.collect()).await;
        self.gather(request, &answers).ok_or_else(|| self.into_answers(answers))
    }

    fn gather(&self, request: &Request, answers: &[Result<RawReplies, RequestError>]) -> Option<RawReplies> {
        let mut replies = Vec::with_capacity(answers.len());
        for answer in answers {
            replies.push(answer.as_ref().ok().filter(|replies| !replies.errors)?.bytes.as_ref());
        }
        let bytes = match &self.order {
            Order::Commands(order) => in_order(order, &replies)?.into(),
            Order::Keys(split) => self.merged(request, split, &replies)?,
        };
        Some(RawReplies { bytes, epoch: None, errors: false })
    }

    fn merged(&self, request: &Request, split: &SplitCommand, replies: &[&[u8]]) -> Option<Bytes> {
        let by = request.parts().first()?.info.route.merge()?;
        let mut of_parts = Vec::with_capacity(split.parts().len());
        for (group, replies) in self.groups.iter().zip(replies) {
            let mut start = 0;
            for _ in 0..group.commands {
                let end = reply_end(replies, start)?;
                of_parts.push(replies.get(start..end)?);
                start = end;
            }
        }
        split.merge(by, &of_parts).ok()
    }

    /// Returns the answers of the nodes with the indexes of the pieces that they are to: of the commands, or of the parts of the only
    /// command, ordered by slot.
    fn into_answers(self, answers: Vec<Result<RawReplies, RequestError>>) -> Vec<GroupAnswer> {
        let mut pieces = vec![Vec::new(); self.groups.len()];
        match &self.order {
            Order::Commands(order) => order.iter().enumerate().for_each(|(index, group)| {
                pieces.get_mut(usize::from(*group)).into_iter().for_each(|pieces: &mut Vec<usize>| pieces.push(index));
            }),
            Order::Keys(split) => {
                let mut slots: Vec<u16> = split.parts().iter().map(|part| part.slot).collect();
                slots.sort_unstable();
                let index = |slot: u16| slots.partition_point(|other| *other < slot);
                let groups = split.parts().chunk_by(|a, b| a.group == b.group);
                groups.zip(&mut pieces).for_each(|(of, pieces)| *pieces = of.iter().map(|of| index(of.slot)).collect());
            }
        }
        let nodes = self.groups.into_iter().map(|group| group.node);
        nodes.zip(pieces).zip(answers).map(|((node, pieces), answer)| (node, pieces, answer)).collect()
    }
}

/// Returns the replies in the order of the commands, of each of which the group is known.
fn in_order(order: &[u16], replies: &[&[u8]]) -> Option<Vec<u8>> {
    let mut ordered = Vec::with_capacity(replies.iter().map(|replies| replies.len()).sum());
    let mut rests = replies.to_vec();
    for group in order {
        let rest = rests.get_mut(usize::from(*group))?;
        let (reply, behind) = rest.split_at_checked(reply_end(rest, 0)?)?;
        ordered.extend_from_slice(reply);
        *rest = behind;
    }
    Some(ordered)
}
