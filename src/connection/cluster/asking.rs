//! ASKING: the command before one that a node is to run while it imports the slot.

use crate::{
    connection::request::{RawReplies, Request},
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

    /// Takes the reply to ASKING, which precedes those to the request.
    pub(super) fn incoming(self, replies: RawReplies) -> RawReplies {
        if !self.0 {
            return replies;
        }
        let mut reader = Reader::new(&replies.bytes);
        match reader.skip() {
            Ok(()) => RawReplies { bytes: reader.rest(), ..replies },
            Err(_) => replies,
        }
    }
}
