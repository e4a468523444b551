//! Scattering: the commands of one request are sent to the nodes of their slots side by side, each is sent again by itself where
//! it is refused, and the replies are gathered in the order of the commands.

mod gather;

use super::{
    asking::Asking,
    join::join,
    latency,
    node::ClusterNode,
    redirect,
    redirects::{Budget, Next, is_of_node},
    replica_route::PATIENCE,
    replicas::{Need, ReadNode, ReplicaReads, has_cursor},
    split::SplitCommand,
    spread::{GroupAnswer, Spread},
    state::Cluster,
};
use crate::{
    command::{Merge, Route},
    connection::{
        config::Address,
        failure::{MissingReply, RequestError},
        node::Node,
        request::{RawReplies, Request},
        routing::CommandPart,
        script_load::{ScriptLoad, ScriptReload, note_missing},
    },
    error::Error,
    key::SlotState,
    resp::{FirstArgument, Reader, control::ASKING},
};
use bytes::Bytes;
use std::{io, ops::Range, sync::Arc};

/// Sends the commands of a request, and returns their replies in order.
///
/// Where some commands have no reply, those of a lost node for example, the failure is [`Partial`](RequestError::Partial), and has the
/// replies to the others. A request that was not sent at all fails with [`NotSent`](RequestError::NotSent); once any command may
/// have run, the failure says so.
/// `reads` chooses the nodes of a request that is for replicas.
pub(super) async fn scatter(
    cluster: &Arc<Cluster>,
    reads: Option<&Arc<ReplicaReads>>,
    request: &Request,
) -> Result<RawReplies, RequestError> {
    let mut budget = Budget::new(cluster);
    let spread = if reads.is_none() { Spread::new(cluster, request) } else { None };
    let mut first = match spread {
        Some(spread) => match spread.send(cluster, request).await {
            Ok(replies) => return Ok(replies),
            Err(answers) => Some(answers),
        },
        None => None,
    };
    let mut scattered = Scattered::new(cluster, reads, request)?;
    loop {
        let round = match first.take() {
            Some(answers) => answers.into_iter().map(NodeAnswer::of_spread).collect(),
            None => scattered.send().await,
        };
        budget.begin_round();
        match scattered.next(round, &mut budget) {
            Step::Again => {}
            Step::Pause => {
                if !budget.pause(cluster).await {
                    scattered.give_up();
                    break;
                }
                scattered.forget_tried();
            }
            Step::Done => break,
        }
    }
    scattered.gather()
}

/// The commands of a request on their ways.
struct Scattered<'a> {
    cluster: &'a Arc<Cluster>,
    /// The choice of replicas, and the number of the read.
    reads: Option<(&'a Arc<ReplicaReads>, usize)>,
    request: &'a Request,
    splits: Vec<SplitCommand>,
    pieces: Vec<Piece>,
}

/// One command to one node: a command of the request, or the part of it that is for that node.
struct Piece {
    /// The index of the command in the request.
    part: usize,
    source: Source,
    place: Place,
    /// The node that a redirect has named.
    redirected: Option<(Arc<ClusterNode>, Asking)>,
    /// The nodes that did not serve a read since the last pause.
    tried: Vec<Address>,
    /// The reply, or the refusal that was not followed yet.
    reply: Option<Bytes>,
    /// The failure of the node, after which the piece is not sent again.
    failure: Option<MissingReply>,
    is_answered: bool,
}

/// The bytes of a piece.
enum Source {
    /// Those of the command in the request.
    Whole,
    /// A range of the bytes of a split command, which is known by its number.
    Split(usize, Range<usize>),
}

/// Where a piece is to be sent.
enum Place {
    Slot(u16),
    AnyNode,
    Node(Arc<ClusterNode>),
}

/// The node that pieces are sent to.
#[derive(Clone)]
struct Destination {
    to: ReadNode,
    /// Each piece stands behind ASKING, where it is needed.
    asking: Asking,
}

/// A node, on whose shared connection something is to be sent.
struct NodeConnection {
    node: Node,
    /// It must open within a moment, because another node may be asked.
    is_doubtful: bool,
}

/// The answer of one node to the pieces that were sent to it.
struct NodeAnswer {
    destination: Destination,
    pieces: Vec<usize>,
    answer: Result<RawReplies, RequestError>,
}

impl NodeAnswer {
    fn of_spread((node, pieces, answer): GroupAnswer) -> NodeAnswer {
        let to = ReadNode { node, is_replica: false };
        NodeAnswer { destination: Destination { to, asking: Asking(false) }, pieces, answer }
    }
}

enum Step {
    Done,
    Again,
    Pause,
}

impl<'a> Scattered<'a> {
    fn new(
        cluster: &'a Arc<Cluster>,
        reads: Option<&'a Arc<ReplicaReads>>,
        request: &'a Request,
    ) -> Result<Self, RequestError> {
        let reads = reads.map(|reads| (reads, reads.next_turn()));
        let mut scattered = Scattered { cluster, reads, request, splits: Vec::new(), pieces: Vec::new() };
        for (index, part) in request.parts().iter().enumerate() {
            scattered.add(index, part).map_err(RequestError::NotSent)?;
        }
        Ok(scattered)
    }

    fn add(&mut self, index: usize, part: &CommandPart) -> Result<(), Error> {
        match (part.info.route, part.slot) {
            (Route::AllShards(merge), _) => {
                // A slot stands for its shard, so that another attempt finds the node that has taken over.
                let mut slots = self.cluster.map().slot_of_each_shard();
                if merge == Merge::Special {
                    // The first reply that is not null counts, as to RANDOMKEY, so no node may always be the first.
                    fastrand::shuffle(&mut slots);
                }
                slots.into_iter().for_each(|slot| self.push(index, Place::Slot(slot), Source::Whole));
            }
            (Route::AllNodes(_), _) => {
                let nodes = self.cluster.every_node().into_iter();
                nodes.for_each(|node| self.push(index, Place::Node(node), Source::Whole));
            }
            (_, SlotState::One(slot)) => self.push(index, Place::Slot(slot), Source::Whole),
            (_, SlotState::None) => self.push(index, Place::AnyNode, Source::Whole),
            (_, SlotState::Crossed) => self.split(index, part)?,
        }
        Ok(())
    }

    fn push(&mut self, part: usize, place: Place, source: Source) {
        let (tried, reply, failure) = (Vec::new(), None, None);
        self.pieces.push(Piece { part, source, place, redirected: None, tried, reply, failure, is_answered: false });
    }

    fn split(&mut self, index: usize, part: &CommandPart) -> Result<(), Error> {
        let words = part.info.name_words;
        let command = self.request.encoded_command(index);
        let split = command.map(|command| SplitCommand::new(&command, words, FirstArgument::of(part.info), |_| 0));
        let Some(Ok(split)) = split else { return Err(self.request.cross_slot(Some(index))) };
        let number = self.splits.len();
        for part in split.parts() {
            self.push(index, Place::Slot(part.slot), Source::Split(number, part.bytes.clone()));
        }
        self.splits.push(split);
        Ok(())
    }

    fn bytes(&self, piece: &Piece) -> &[u8] {
        match &piece.source {
            Source::Whole => self.request.command_bytes(piece.part),
            Source::Split(number, range) => {
                self.splits.get(*number).and_then(|split| split.bytes().get(range.clone())).unwrap_or_default()
            }
        }
    }

    /// Sends the pieces that have no reply yet, those of one node in one write. Where a slot has no node, all of its pieces
    /// wait.
    async fn send(&mut self) -> Vec<NodeAnswer> {
        let mut groups: Vec<(Destination, Vec<usize>)> = Vec::new();
        for (index, piece) in self.pieces.iter().enumerate().filter(|(_, piece)| !piece.is_answered) {
            let Some(destination) = self.destination(piece) else { continue };
            match groups.iter_mut().find(|(other, _)| other.is(&destination)) {
                Some((_, pieces)) => pieces.push(index),
                None => groups.push((destination, vec![index])),
            }
        }
        let failures = self.load_scripts(&groups).await;
        let scripts = self.request.scripts();
        let calls = groups.into_iter().zip(failures).map(|((destination, pieces), failure)| {
            let request = self.group_request(&pieces, destination.asking);
            let connection = self.connection(&destination.to);
            async move {
                let answer = match failure {
                    Some(failure) => Err(failure),
                    None => connection.call(request).await,
                };
                if let Ok(replies) = &answer {
                    note_missing(scripts, &replies.bytes, &connection.node.shared().session());
                }
                NodeAnswer { destination, pieces, answer }
            }
        });
        join(calls.collect()).await
    }

    /// Loads the scripts on the nodes that have not seen them, before anything is sent. Returns the failure of each group; a
    /// script that does not compile fails them all.
    async fn load_scripts(&self, groups: &[(Destination, Vec<usize>)]) -> Vec<Option<RequestError>> {
        let scripts = self.request.scripts();
        if scripts.is_empty() {
            return groups.iter().map(|_| None).collect();
        }
        let loads = groups.iter().map(|(destination, _)| {
            let connection = self.connection(&destination.to);
            async move {
                let load = ScriptLoad::of_unknown(scripts, connection.node.shared().session())?;
                load.finish(connection.call(load.request()).await).err()
            }
        });
        let failures = join(loads.collect()).await;
        match failures.iter().flatten().find(|failure| is_refused(failure)).cloned() {
            Some(failure) => vec![Some(failure); groups.len()],
            None => failures,
        }
    }

    fn connection(&self, to: &ReadNode) -> NodeConnection {
        let node = self.cluster.nodes().open_as(to).clone();
        NodeConnection { is_doubtful: self.reads.is_some() && !node.is_connected(), node }
    }

    fn destination(&self, piece: &Piece) -> Option<Destination> {
        if let Some((node, asking)) = &piece.redirected {
            return Some(Destination { to: ReadNode::named(node.clone()), asking: *asking });
        }
        let slot = match &piece.place {
            Place::Slot(slot) => Some(*slot),
            Place::AnyNode => None,
            Place::Node(node) => return Some(Destination { to: ReadNode::named(node.clone()), asking: Asking(false) }),
        };
        let to = match (self.reads, slot) {
            (Some((reads, turn)), slot) => {
                let of_primary = self.request.parts().get(piece.part).is_some_and(|part| has_cursor(part.info));
                reads.choose(Need { slot, of_primary, turn, tried: &piece.tried })
            }
            (None, Some(slot)) => self.cluster.primary_of(slot).ok().map(ReadNode::named),
            (None, None) => self.cluster.any_primary().ok().map(ReadNode::named),
        };
        to.map(|to| Destination { to, asking: Asking(false) })
    }

    /// Lets nodes be asked again that did not serve a read.
    fn forget_tried(&mut self) {
        self.pieces.iter_mut().for_each(|piece| piece.tried.clear());
    }

    /// The number of scripts that are loaded before the pieces of each node.
    pub(super) fn reloaded(&self) -> usize {
        ScriptReload::replies(self.request.scripts())
    }

    /// Makes the request of the pieces of one node, behind the scripts that they may need.
    fn group_request(&self, pieces: &[usize], Asking(asks): Asking) -> Request {
        let pieces = pieces.iter().filter_map(|index| self.pieces.get(*index));
        let (mut bytes, mut commands) = (Vec::new(), 0);
        for piece in pieces {
            if asks {
                bytes.extend_from_slice(ASKING.bytes);
                commands += 1;
            }
            bytes.extend_from_slice(self.bytes(piece));
            commands += 1;
        }
        let request = Request::of_commands(bytes, commands);
        match self.request.scripts() {
            [] => request,
            scripts => request.behind(ScriptReload::commands(scripts)),
        }
    }

    /// Takes in the answers of one round.
    fn next(&mut self, round: Vec<NodeAnswer>, budget: &mut Budget) -> Step {
        let mut pause = false;
        for NodeAnswer { destination, pieces, answer } in round {
            match answer {
                Ok(replies) => pause |= self.take(&destination, &pieces, &replies.bytes, budget),
                Err(ref failure @ (RequestError::NotSent(_) | RequestError::Lost { .. }))
                    if self.reads.is_some() && !is_refused(failure) && !self.cluster.is_closed() && budget.hop() =>
                {
                    self.cluster.refresh(None);
                    pieces.iter().for_each(|index| self.pass_over(*index, &destination.to));
                }
                Err(RequestError::NotSent(error)) if is_of_node(&error) && !self.cluster.is_closed() => {
                    self.cluster.refresh(None);
                    pieces.iter().for_each(|index| self.redirect(*index, None));
                    pause = true;
                }
                Err(error) => self.lose(&pieces, destination.asking, error),
            }
        }
        if self.pieces.iter().all(|piece| piece.is_answered) {
            Step::Done
        } else if pause || self.pieces.iter().any(|piece| !piece.is_answered && self.waits(piece)) {
            // A slot without a node has a piece that was not sent.
            Step::Pause
        } else {
            Step::Again
        }
    }

    /// Takes the replies of a node to its pieces. Returns whether one of them is to be sent again later.
    fn take(&mut self, from: &Destination, pieces: &[usize], replies: &Bytes, budget: &mut Budget) -> bool {
        let mut reader = Reader::new(replies);
        let mut pause = false;
        for _ in 0..self.reloaded() {
            let _ = reader.skip();
        }
        for (place, index) in pieces.iter().enumerate() {
            if from.asking.0 {
                let _ = reader.skip();
            }
            let start = reader.position();
            if reader.skip().is_err() {
                // What has no reply may have run, so it is not sent again.
                let error = RequestError::missing_reply();
                pieces.iter().skip(place).for_each(|index| self.fail(*index, false, &error));
                break;
            }
            let reply = replies.slice(start..reader.position());
            pause |= self.answer(*index, &from.to, reply, budget);
        }
        pause
    }

    /// Takes the reply to a piece. Returns whether it is to be sent again later.
    fn answer(&mut self, index: usize, from: &ReadNode, reply: Bytes, budget: &mut Budget) -> bool {
        let (reads, address) = (self.reads, from.node.address());
        let Some(piece) = self.pieces.get_mut(index) else { return false };
        let part = self.request.parts().get(piece.part);
        let refusal = is_error(&reply).then(|| redirect::of_reply(part, &reply, address)).flatten();
        piece.reply = Some(reply);
        let Some(refusal) = refusal else {
            piece.is_answered = true;
            return false;
        };
        if let Some((reads, _)) = reads {
            match budget.hop().then(|| reads.follow(refusal, from)) {
                Some(Some(redirected)) => piece.redirected = Some(redirected),
                Some(None) => self.pass_over(index, from),
                None => piece.is_answered = true,
            }
            return false;
        }
        match Next::of(self.cluster, refusal, address, budget) {
            Next::Node(node, asking) => piece.redirected = Some((node, asking)),
            Next::Later => {
                piece.redirected = None;
                return true;
            }
            Next::Nothing => piece.is_answered = true,
        }
        false
    }

    /// Lets a piece that only reads be sent to another node.
    fn pass_over(&mut self, index: usize, from: &ReadNode) {
        self.reads.into_iter().for_each(|(reads, _)| reads.suspect(from));
        if let Some(piece) = self.pieces.get_mut(index) {
            piece.redirected = None;
            piece.tried.push(from.node.address().clone());
        }
    }

    /// Returns whether a piece that has no reply yet is to be sent after a pause: to the node of its slot by the map, or to one of
    /// those that were tried.
    fn waits(&self, piece: &Piece) -> bool {
        match self.reads {
            Some(_) => match &piece.place {
                Place::Node(_) => !piece.tried.is_empty(),
                Place::Slot(_) | Place::AnyNode => self.destination(piece).is_none(),
            },
            None => piece.redirected.is_none(),
        }
    }

    fn redirect(&mut self, index: usize, to: Option<(Arc<ClusterNode>, Asking)>) {
        if let Some(piece) = self.pieces.get_mut(index) {
            piece.redirected = to;
        }
    }
}

impl NodeConnection {
    async fn call(&self, request: Request) -> Result<RawReplies, RequestError> {
        if self.is_doubtful && !latency::answers(&self.node, PATIENCE).await {
            return Err(RequestError::not_sent(io::Error::from(io::ErrorKind::NotConnected)));
        }
        self.node.shared().call(request).await
    }
}

impl Destination {
    fn is(&self, other: &Destination) -> bool {
        Arc::ptr_eq(&self.to.node, &other.to.node)
            && (self.to.is_replica, self.asking) == (other.to.is_replica, other.asking)
    }
}

/// Returns whether a failure is the server's refusal of a script, which any node would word so.
fn is_refused(failure: &RequestError) -> bool {
    matches!(failure, RequestError::NotSent(error @ Error::Server { .. }) if !is_of_node(error))
}

fn is_error(reply: &Bytes) -> bool {
    // Push messages may stand before it, so what begins with one is looked at more closely.
    matches!(reply.first(), Some(b'-' | b'!' | b'>' | b'|'))
}
