//! The end of a scattered request: its replies in the order of the commands, and the failures of those without one.

use super::{
    super::{asking::Asking, merge::merge, split::SplitCommand},
    Piece, Place, Scattered, Source, is_error,
};
use crate::{
    connection::{
        failure::{MissingReply, PartialReplies, RequestError},
        request::RawReplies,
    },
    error::Error,
};
use bytes::{Bytes, BytesMut};

const UNSPLIT: &str = "several nodes have replied to a command for one";
/// What stands in the place of a reply that is missing.
const NO_REPLY: &[u8] = b"-NOREPLY the node has failed\r\n";

impl Scattered<'_> {
    /// Ends the pieces of a node that has failed. The replies of theirs that had come are lost with the others.
    pub(super) fn lose(&mut self, pieces: &[usize], Asking(asks): Asking, error: RequestError) {
        let error = error.without_first(self.reloaded());
        let answered = error.answered() / (1 + usize::from(asks));
        pieces.iter().enumerate().for_each(|(place, index)| self.fail(*index, place < answered, &error));
    }

    /// Ends a piece without a reply.
    pub(super) fn fail(&mut self, index: usize, had_come: bool, error: &RequestError) {
        if let Some(piece) = self.pieces.get_mut(index) {
            let error = error.clone().at_command(piece.part);
            piece.failure = Some(MissingReply { command: piece.part, had_come, error });
            piece.is_answered = true;
        }
    }

    /// Takes the refusals as the replies, when no time is left for another attempt. A piece that has none fails.
    pub(super) fn give_up(&mut self) {
        for index in 0..self.pieces.len() {
            match self.pieces.get_mut(index) {
                Some(piece) if piece.reply.is_some() => piece.is_answered = true,
                Some(piece) if !piece.is_answered => {
                    let error = match piece.place {
                        Place::Slot(slot) => self.no_node_of(slot),
                        Place::AnyNode | Place::Node(_) => self.cluster.no_node(),
                    };
                    self.fail(index, false, &RequestError::NotSent(error));
                }
                _ => {}
            }
        }
    }

    fn no_node_of(&self, slot: u16) -> Error {
        self.reads.map_or_else(|| self.cluster.unreachable(slot), |(reads, _)| reads.no_node(Some(slot)))
    }

    /// Gathers the replies in the order of the commands, those of several nodes to one command merged.
    pub(super) fn gather(self) -> Result<RawReplies, RequestError> {
        let mut replies =
            BytesMut::with_capacity(self.pieces.iter().flat_map(|piece| &piece.reply).map(Bytes::len).sum());
        let mut splits = self.splits.iter();
        let (mut errors, mut missing) = (false, Vec::new());
        for pieces in self.pieces.chunk_by(|a, b| a.part == b.part) {
            let is_split = pieces.iter().any(|piece| matches!(piece.source, Source::Split(..)));
            match self.reply_of(pieces, if is_split { splits.next() } else { None }) {
                Ok(reply) => {
                    errors |= is_error(&reply);
                    replies.extend_from_slice(&reply);
                }
                Err(error) => {
                    replies.extend_from_slice(NO_REPLY);
                    missing.push(error);
                }
            }
        }
        if missing.is_empty() {
            return Ok(RawReplies { bytes: replies.freeze(), epoch: None, errors });
        }
        if missing.len() < self.request.parts().len() {
            let (bytes, missing) = (replies.freeze(), missing.into());
            return Err(RequestError::Partial(Box::new(PartialReplies { bytes, missing })));
        }
        Err(RequestError::of_missing(&missing, false).unwrap_or_else(RequestError::missing_reply))
    }

    /// Returns the reply to one command, of which these are the pieces.
    fn reply_of(&self, pieces: &[Piece], split: Option<&SplitCommand>) -> Result<Bytes, MissingReply> {
        let failures: Vec<_> = pieces.iter().filter_map(|piece| piece.failure.clone()).collect();
        let ran = |piece: &Piece| piece.failure.is_none() && piece.reply.as_ref().is_some_and(|reply| !is_error(reply));
        if let (Some(failure), Some(error)) =
            (failures.first(), RequestError::of_missing(&failures, pieces.iter().any(ran)))
        {
            let had_come = failures.iter().all(|failure| failure.had_come);
            return Err(MissingReply { command: failure.command, had_come, error });
        }
        let replies: Vec<&Bytes> = pieces.iter().flat_map(|piece| &piece.reply).collect();
        let part = pieces.first().map_or(0, |piece| piece.part);
        let by = self.request.parts().get(part).and_then(|part| part.info.route.merge());
        let merged = match (&*replies, split, by) {
            ([reply], None, _) => Ok(Bytes::clone(reply)),
            (replies, Some(split), Some(by)) => split.merge(by, replies),
            (replies, None, Some(by)) => merge(by, replies),
            (_, _, None) => Err(UNSPLIT),
        };
        merged.map_err(|reason| {
            let error = RequestError::Protocol { answered: part, reason: reason.into() };
            MissingReply { command: part, had_come: true, error }
        })
    }
}
