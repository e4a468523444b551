//! ASKING: the command before one that a node is to run while it imports the slot.

use crate::{
    connection::{
        failure::RequestError,
        request::{RawReplies, Request},
    },
    resp::{CommandBuffer, Reader, control},
};
use std::borrow::Cow;

/// Whether requests to a node are sent behind ASKING, because the node imports their slot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Asking(pub(super) bool);

impl Asking {
    /// Returns the request as it is to be sent.
    pub(super) fn outgoing(self, request: Cow<'_, Request>) -> Cow<'_, Request> {
        if !self.0 {
            return request;
        }
        let mut asking = CommandBuffer::default();
        asking.control_command(control::ASKING);
        Cow::Owned(request.into_owned().behind(asking))
    }

    /// Returns the answer to the request alone, without the reply to ASKING, which comes first.
    pub(super) fn incoming(self, answer: Result<RawReplies, RequestError>) -> Result<RawReplies, RequestError> {
        if !self.0 {
            return answer;
        }
        let replies = answer.map_err(|failure| failure.without_first(1))?;
        let mut reader = Reader::new(&replies.bytes);
        match reader.skip() {
            Ok(()) => Ok(RawReplies { bytes: reader.rest(), ..replies }),
            Err(_) => Ok(replies),
        }
    }
}
