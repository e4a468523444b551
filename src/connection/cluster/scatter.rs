//! Scattering: the commands of one request are sent to the nodes of their slots side by side, each is sent again by itself where
//! it is refused, and the replies are gathered in the order of the commands.

use super::{
    join::join,
    merge::merge,
    node::ClusterNode,
    redirect,
    redirects::{Budget, Next, is_of_node},
    split::SplitCommand,
    spread::{GroupAnswer, Spread},
    state::Cluster,
};
use crate::{
    command::{Merge, Route},
    connection::{
        failure::RequestError,
        request::{RawReplies, Request},
        routing::CommandPart,
    },
    error::Error,
    key::SlotState,
    resp::{FirstArgument, Reader, control::ASKING},
};
use bytes::{Bytes, BytesMut};
use std::{ops::Range, sync::Arc};

/// Sends the commands of a request, and returns their replies in order.
///
/// A request that was not sent at all fails with [`NotSent`](RequestError::NotSent); once any command may have run, the failure
/// says so.
pub(super) async fn scatter(cluster: &Arc<Cluster>, request: &Request) -> Result<RawReplies, RequestError> {
    let mut budget = Budget::new(cluster);
    let mut spread = Spread::new(cluster, request);
    let mut first = None;
    if let Some(spread) = &mut spread {
        let answers = spread.send(cluster).await;
        match spread.gather(request, &answers) {
            Some(replies) => return Ok(replies),
            None => first = Some(answers),
        }
    }
    let mut first = spread.zip(first).map(|(spread, answers)| spread.into_answers(answers));
    let mut scattered = Scattered::new(cluster, request)?;
    loop {
        let round = match first.take() {
            Some(answers) => answers.into_iter().map(NodeAnswer::of_spread).collect(),
            None => scattered.send().await,
        };
        match scattered.next(round, &mut budget)? {
            Step::Again => {}
            Step::Pause => {
                if !budget.pause(cluster).await && scattered.give_up()? {
                    break;
                }
            }
            Step::Done => break,
        }
    }
    scattered.gather()
}

/// The commands of a request on their ways.
struct Scattered<'a> {
    cluster: &'a Arc<Cluster>,
    request: &'a Request,
    splits: Vec<SplitCommand>,
    pieces: Vec<Piece>,
    /// Commands that were written may have run.
    began: bool,
}

/// One command to one node: a command of the request, or the part of it that is for that node.
struct Piece {
    /// The index of the command in the request.
    part: usize,
    source: Source,
    place: Place,
    /// The node that a redirect has named, and whether it must be asked behind ASKING.
    redirected: Option<(Arc<ClusterNode>, bool)>,
    /// The reply, or the refusal that was not followed yet.
    reply: Option<Bytes>,
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

/// The answer of one node to the pieces that were sent to it.
struct NodeAnswer {
    node: Arc<ClusterNode>,
    pieces: Vec<usize>,
    /// The number of replies before those to the pieces, and of those to each piece.
    asking: bool,
    answer: Result<RawReplies, RequestError>,
}

impl NodeAnswer {
    fn of_spread((node, pieces, answer): GroupAnswer) -> NodeAnswer {
        NodeAnswer { node, pieces, asking: false, answer }
    }
}

enum Step {
    Done,
    Again,
    Pause,
}

impl<'a> Scattered<'a> {
    fn new(cluster: &'a Arc<Cluster>, request: &'a Request) -> Result<Self, RequestError> {
        let mut scattered = Scattered { cluster, request, splits: Vec::new(), pieces: Vec::new(), began: false };
        for (index, part) in request.parts().iter().enumerate() {
            scattered.add(index, part).map_err(RequestError::NotSent)?;
        }
        Ok(scattered)
    }

    fn add(&mut self, index: usize, part: &CommandPart) -> Result<(), Error> {
        match (part.info.route, part.slot) {
            (Route::AllShards(merge), _) => {
                let mut nodes = self.cluster.primaries();
                if merge == Merge::Special {
                    // The first reply that is not null counts, as to RANDOMKEY, so no node may always be the first.
                    fastrand::shuffle(&mut nodes);
                }
                self.push_to_each(index, nodes);
            }
            (Route::AllNodes(_), _) => self.push_to_each(index, self.cluster.every_node()),
            (_, SlotState::One(slot)) => self.push(index, Place::Slot(slot), Source::Whole),
            (_, SlotState::None) => self.push(index, Place::AnyNode, Source::Whole),
            (_, SlotState::Crossed) => self.split(index, part)?,
        }
        Ok(())
    }

    fn push(&mut self, part: usize, place: Place, source: Source) {
        self.pieces.push(Piece { part, source, place, redirected: None, reply: None, is_answered: false });
    }

    fn push_to_each(&mut self, part: usize, nodes: Vec<Arc<ClusterNode>>) {
        nodes.into_iter().for_each(|node| self.push(part, Place::Node(node), Source::Whole));
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
        let mut groups: Vec<(Arc<ClusterNode>, bool, Vec<usize>)> = Vec::new();
        for (index, piece) in self.pieces.iter().enumerate().filter(|(_, piece)| !piece.is_answered) {
            let Some((node, asking)) = self.destination(piece) else { continue };
            match groups.iter_mut().find(|(other, asks, _)| Arc::ptr_eq(other, &node) && *asks == asking) {
                Some((_, _, pieces)) => pieces.push(index),
                None => groups.push((node, asking, vec![index])),
            }
        }
        let calls = groups.into_iter().map(|(node, asking, pieces)| {
            let request = self.group_request(&pieces, asking);
            let shared = self.cluster.nodes().open(&node).shared().clone();
            async move { NodeAnswer { node, pieces, asking, answer: shared.call(request).await } }
        });
        join(calls.collect()).await
    }

    fn destination(&self, piece: &Piece) -> Option<(Arc<ClusterNode>, bool)> {
        if let Some(redirected) = &piece.redirected {
            return Some(redirected.clone());
        }
        match &piece.place {
            Place::Slot(slot) => self.cluster.primary_of(*slot).ok().map(|node| (node, false)),
            Place::AnyNode => self.cluster.any_primary().ok().map(|node| (node, false)),
            Place::Node(node) => Some((node.clone(), false)),
        }
    }

    /// Makes the request of the pieces of one node, behind the scripts that they may need.
    fn group_request(&self, pieces: &[usize], asking: bool) -> Request {
        let pieces = pieces.iter().filter_map(|index| self.pieces.get(*index));
        let (mut bytes, mut commands) = (Vec::new(), 0);
        for piece in pieces {
            if asking {
                bytes.extend_from_slice(ASKING.bytes);
                commands += 1;
            }
            bytes.extend_from_slice(self.bytes(piece));
            commands += 1;
        }
        let request = Request::of_commands(bytes, commands);
        match self.request.scripts() {
            [] => request,
            scripts => request.behind(Request::load(scripts)),
        }
    }

    /// Takes in the answers of one round.
    fn next(&mut self, round: Vec<NodeAnswer>, budget: &mut Budget) -> Result<Step, RequestError> {
        let mut failed: Option<(usize, RequestError)> = None;
        let mut pause = false;
        for NodeAnswer { node, pieces, asking, answer } in round {
            match answer {
                Ok(replies) => {
                    self.began = true;
                    pause |= self.take(&node, &pieces, asking, &replies.bytes, budget);
                }
                Err(RequestError::NotSent(error)) if is_of_node(&error) && !self.cluster.is_closed() => {
                    self.cluster.refresh(None);
                    pieces.iter().for_each(|index| self.redirect(*index, None));
                    pause = true;
                }
                Err(error) => {
                    self.began |= !matches!(error, RequestError::NotSent(_));
                    let part = pieces.first().and_then(|index| self.pieces.get(*index)).map_or(0, |piece| piece.part);
                    if failed.as_ref().is_none_or(|(first, _)| part < *first) {
                        failed = Some((part, error));
                    }
                }
            }
        }
        match failed {
            Some((part, error)) => Err(self.failure(part, error)),
            None if self.pieces.iter().all(|piece| piece.is_answered) => Ok(Step::Done),
            // A slot without a node has a piece that was not sent.
            None if pause || self.pieces.iter().any(|piece| !piece.is_answered && piece.redirected.is_none()) => {
                Ok(Step::Pause)
            }
            None => Ok(Step::Again),
        }
    }

    /// Takes the replies of a node to its pieces. Returns whether one of them is to be sent again later.
    fn take(
        &mut self,
        node: &Arc<ClusterNode>,
        pieces: &[usize],
        asking: bool,
        replies: &Bytes,
        budget: &mut Budget,
    ) -> bool {
        let mut reader = Reader::new(replies);
        let mut pause = false;
        for _ in self.request.scripts() {
            let _ = reader.skip();
        }
        for index in pieces {
            if asking {
                let _ = reader.skip();
            }
            let start = reader.position();
            if reader.skip().is_err() {
                break;
            }
            let reply = replies.slice(start..reader.position());
            pause |= self.answer(*index, node, reply, budget);
        }
        pause
    }

    /// Takes the reply to a piece. Returns whether it is to be sent again later.
    fn answer(&mut self, index: usize, node: &Arc<ClusterNode>, reply: Bytes, budget: &mut Budget) -> bool {
        let Some(piece) = self.pieces.get_mut(index) else { return false };
        let part = self.request.parts().get(piece.part);
        let refusal = is_error(&reply).then(|| redirect::of_reply(part, &reply, node.address())).flatten();
        piece.reply = Some(reply);
        let Some(refusal) = refusal else {
            piece.is_answered = true;
            return false;
        };
        match Next::of(self.cluster, refusal, node.address(), budget) {
            Next::Node(node, asking) => piece.redirected = Some((node, asking)),
            Next::Later => {
                piece.redirected = None;
                return true;
            }
            Next::Nothing => piece.is_answered = true,
        }
        false
    }

    fn redirect(&mut self, index: usize, to: Option<(Arc<ClusterNode>, bool)>) {
        if let Some(piece) = self.pieces.get_mut(index) {
            piece.redirected = to;
        }
    }

    /// Takes the refusals as the replies, when no time is left for another attempt. Returns whether all pieces have a reply then.
    fn give_up(&mut self) -> Result<bool, RequestError> {
        for piece in &mut self.pieces {
            piece.is_answered = piece.reply.is_some();
        }
        match self.pieces.iter().find(|piece| !piece.is_answered) {
            None => Ok(true),
            Some(piece) => {
                let error = match piece.place {
                    Place::Slot(slot) => self.cluster.unreachable(slot),
                    Place::AnyNode | Place::Node(_) => self.cluster.no_node(),
                };
                Err(self.failure(piece.part, RequestError::NotSent(error)))
            }
        }
    }

    /// Returns the failure of the request at the command with this index, which says that commands may have run if any may.
    fn failure(&self, part: usize, error: RequestError) -> RequestError {
        match error {
            RequestError::NotSent(error) if self.began => RequestError::lost_at(part, &error),
            RequestError::NotSent(error) => RequestError::NotSent(error),
            RequestError::Lost { source, .. } => RequestError::Lost { answered: part, source },
            RequestError::TimedOut { after, .. } => RequestError::TimedOut { answered: part, after },
            RequestError::Protocol { reason, .. } => RequestError::Protocol { answered: part, reason },
        }
    }

    /// Gathers the replies in the order of the commands, those of several nodes to one command merged.
    fn gather(self) -> Result<RawReplies, RequestError> {
        let mut replies =
            BytesMut::with_capacity(self.pieces.iter().flat_map(|piece| &piece.reply).map(Bytes::len).sum());
        let mut splits = self.splits.iter();
        let mut errors = false;
        for pieces in self.pieces.chunk_by(|a, b| a.part == b.part) {
            let of_part: Vec<&Bytes> = pieces.iter().flat_map(|piece| &piece.reply).collect();
            let part = pieces.first().map_or(0, |piece| piece.part);
            let is_split = pieces.iter().any(|piece| matches!(piece.source, Source::Split(..)));
            let merged = match (&*of_part, self.request.parts().get(part).and_then(|part| part.info.route.merge())) {
                ([reply], _) if !is_split => Ok(Bytes::clone(reply)),
                (of_part, Some(by)) => match splits.next_if_split(is_split) {
                    Some(split) => split.merge(by, of_part),
                    None => merge(by, of_part),
                },
                (_, None) => Err("several nodes have replied to a command for one"),
            };
            let reply = merged.map_err(|reason| RequestError::Protocol { answered: part, reason: reason.into() })?;
            errors |= is_error(&reply);
            replies.extend_from_slice(&reply);
        }
        Ok(RawReplies { bytes: replies.freeze(), epoch: None, errors })
    }
}

/// Takes the next split command where pieces are of one.
trait NextIfSplit<'a> {
    fn next_if_split(&mut self, is_split: bool) -> Option<&'a SplitCommand>;
}

impl<'a, I: Iterator<Item = &'a SplitCommand>> NextIfSplit<'a> for I {
    fn next_if_split(&mut self, is_split: bool) -> Option<&'a SplitCommand> {
        if is_split { self.next() } else { None }
    }
}

fn is_error(reply: &Bytes) -> bool {
    // Push messages may stand before it, so what begins with one is looked at more closely.
    matches!(reply.first(), Some(b'-' | b'!' | b'>' | b'|'))
}
