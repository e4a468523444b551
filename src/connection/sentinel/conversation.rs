//! A connection to one Sentinel, behind its handshake. A Sentinel speaks RESP and knows few commands: no SELECT, no MULTI.

use crate::{
    connection::{
        config::Settings,
        failure::Disconnect,
        push::PushSink,
        transport::{self, FramedStream, MultiProbe, Unwritten},
    },
    error::Result,
    resp::{CommandBuffer, Found},
};
use bytes::Bytes;
use std::{future::poll_fn, task::Poll};

/// A connection to one Sentinel.
pub(super) struct Conversation {
    stream: FramedStream,
}

impl Conversation {
    /// Connects and logs in.
    pub(super) async fn open(settings: &Settings) -> Result<Conversation> {
        let connected = transport::connect(settings, PushSink::Discard, MultiProbe::Unneeded, false).await?;
        Ok(Conversation { stream: connected.stream })
    }

    pub(super) async fn send(&mut self, request: &CommandBuffer) -> Result<(), Disconnect> {
        let written = self.stream.write_all(request.bytes(), |_, _, _| Poll::Pending).await;
        written.map_err(|Unwritten { error, .. }| error.into())
    }

    /// Reads the next reply.
    pub(super) async fn reply(&mut self) -> Result<Bytes, Disconnect> {
        loop {
            match self.stream.scan()? {
                Some(Found::Reply(end)) => return Ok(self.stream.take(end).bytes),
                Some(Found::Push(end)) => self.stream.on_push(end, 0)?,
                None => poll_fn(|cx| self.stream.poll_fill(cx)).await?,
            }
        }
    }
}
