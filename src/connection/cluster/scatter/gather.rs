//! The end of a scattered request: its replies in the order of the commands, or its failure.

use super::{super::merge::merge, Place, Scattered, Source, is_error};
use crate::{
    connection::{failure::RequestError, request::RawReplies},
    error::Error,
};
use bytes::{Bytes, BytesMut};

const UNSPLIT: &str = "several nodes have replied to a command for one";

impl Scattered<'_> {
    /// Takes the refusals as the replies, when no time is left for another attempt. Fails for a piece that has none.
    pub(super) fn give_up(&mut self) -> Result<(), RequestError> {
        for piece in &mut self.pieces {
            piece.is_answered = piece.reply.is_some();
        }
        match self.pieces.iter().find(|piece| !piece.is_answered) {
            None => Ok(()),
            Some(piece) => {
                let error = match piece.place {
                    Place::Slot(slot) if self.reads.is_some() => self.no_replica(slot),
                    Place::Slot(slot) => self.cluster.unreachable(slot),
                    Place::AnyNode | Place::Node(_) => self.cluster.no_node(),
                };
                Err(self.failure(piece.part, RequestError::NotSent(error)))
            }
        }
    }

    fn no_replica(&self, slot: u16) -> Error {
        self.reads.map_or_else(|| self.cluster.unreachable(slot), |(reads, _)| reads.no_node(Some(slot)))
    }

    /// Returns the failure of the request at the command with this index, which says that commands may have run if any may.
    pub(super) fn failure(&self, part: usize, error: RequestError) -> RequestError {
        match error {
            RequestError::NotSent(error) if self.began => RequestError::lost_at(part, &error),
            RequestError::NotSent(error) => RequestError::NotSent(error),
            RequestError::Lost { source, .. } => RequestError::Lost { answered: part, source },
            RequestError::TimedOut { after, .. } => RequestError::TimedOut { answered: part, after },
            RequestError::Protocol { reason, .. } => RequestError::Protocol { answered: part, reason },
        }
    }

    /// Gathers the replies in the order of the commands, those of several nodes to one command merged.
    pub(super) fn gather(self) -> Result<RawReplies, RequestError> {
        let mut replies =
            BytesMut::with_capacity(self.pieces.iter().flat_map(|piece| &piece.reply).map(Bytes::len).sum());
        let mut splits = self.splits.iter();
        let mut errors = false;
        for pieces in self.pieces.chunk_by(|a, b| a.part == b.part) {
            let of_part: Vec<&Bytes> = pieces.iter().flat_map(|piece| &piece.reply).collect();
            let part = pieces.first().map_or(0, |piece| piece.part);
            let is_split = pieces.iter().any(|piece| matches!(piece.source, Source::Split(..)));
            let by = self.request.parts().get(part).and_then(|part| part.info.route.merge());
            let merged = match (&*of_part, by) {
                ([reply], _) if !is_split => Ok(Bytes::clone(reply)),
                (of_part, Some(by)) if is_split => {
                    splits.next().map_or_else(|| Err(UNSPLIT), |split| split.merge(by, of_part))
                }
                (of_part, Some(by)) => merge(by, of_part),
                (_, None) => Err(UNSPLIT),
            };
            let reply = merged.map_err(|reason| RequestError::Protocol { answered: part, reason: reason.into() })?;
            errors |= is_error(&reply);
            replies.extend_from_slice(&reply);
        }
        Ok(RawReplies { bytes: replies.freeze(), epoch: None, errors })
    }
}
