//! One connection, whichever it is, and what its failures mean to a command.

use crate::{
    connection::{Failure, Lease, Replies, Session, Shared},
    error::{CommandPosition, Error, Result, TimeoutKind},
    resp::{DecodeError, Name, Reader, Source, Writer, encoded_len},
};
use bytes::Bytes;
use std::sync::Arc;

/// The connection that commands are sent on.
#[derive(Debug)]
pub enum Wire<'a> {
    /// The one that all share.
    Shared(&'a mut OnShared),
    /// One of the pipeline's own.
    Own(&'a mut Lease),
}

/// The shared connection, as a request is sent on it.
#[derive(Clone, Debug)]
pub struct OnShared {
    pub(super) shared: Arc<Shared>,
    /// The request is a transaction, which must not be sent where MULTI is refused.
    pub(super) atomic: bool,
    /// The number of the connection that the last replies came on.
    pub(super) epoch: u64,
}

impl Wire<'_> {
    /// Sends `request` in one write, and the scripts that it needs before it, and returns its `replies` replies.
    pub(super) async fn call(&mut self, request: Writer, replies: usize) -> Result<Bytes, Failure> {
        if request.scripts().is_empty() {
            return self.send(request.into_bytes(), replies).await;
        }
        let scripts = request.scripts().to_vec();
        self.load(&scripts).await?;
        let mut whole = encode_load(&scripts).into_bytes();
        whole.extend_from_slice(request.bytes());
        let all = self
            .send(whole, scripts.len() + replies)
            .await
            .map_err(|failure| without_scripts(failure, scripts.len()))?;
        let mut reader = Reader::new(&all);
        for _ in &scripts {
            reader.skip().map_err(|_| Failure::Protocol { answered: 0, reason: "a reply is missing".into() })?;
        }
        Ok(reader.rest())
    }

    async fn send(&mut self, request: Vec<u8>, replies: usize) -> Result<Bytes, Failure> {
        match self {
            Wire::Shared(on) => {
                let Replies { bytes, epoch } = on.shared.call(request, replies, on.atomic).await?;
                on.epoch = epoch;
                Ok(bytes)
            }
            Wire::Own(lease) => lease.call(&request, replies).await,
        }
    }

    /// Loads the scripts that this connection has not seen, and waits for them to be accepted: a script that does not
    /// compile must stop what it is queued with. Scripts that were accepted once are sent again with what needs them, so
    /// that SCRIPT FLUSH by another client does no harm.
    async fn load(&mut self, scripts: &[Source]) -> Result<(), Failure> {
        let new: Vec<_> = scripts.iter().filter(|script| !self.session().knows(&script.0)).cloned().collect();
        if new.is_empty() {
            return Ok(());
        }
        let replies = self.send(encode_load(&new).into_bytes(), new.len()).await.map_err(while_loading)?;
        let mut reader = Reader::new(&replies);
        for script in &new {
            reader.one(|reader| reader.bytes()).map_err(|fault| Failure::NotSent(fault_at(fault, LOAD)))?;
            self.session().learned(&script.0);
        }
        Ok(())
    }

    pub(super) fn session(&self) -> Arc<Session> {
        match self {
            Wire::Shared(on) => on.shared.session(),
            Wire::Own(lease) => lease.session().clone(),
        }
    }

    /// Tells whether the connection can still be used, as far as this can be known without asking the server.
    pub(super) fn alive(&mut self) -> bool {
        match self {
            Wire::Shared(_) => true,
            Wire::Own(lease) => lease.alive(),
        }
    }
}

const LOAD: CommandPosition = CommandPosition { number: 0, name: "SCRIPT LOAD" };

fn encode_load(scripts: &[Source]) -> Writer {
    const NAME: Name<{ encoded_len("SCRIPT LOAD") }> = Name::new("SCRIPT LOAD");
    let mut out = Writer::default();
    for script in scripts {
        out.command(&NAME, 1);
        out.bulk(script.1.as_bytes());
        out.end("SCRIPT LOAD");
    }
    out
}

/// A failure that counts only the replies behind those of `scripts` scripts.
fn without_scripts(failure: Failure, scripts: usize) -> Failure {
    let behind = |answered: usize| answered.saturating_sub(scripts);
    match failure {
        Failure::Lost { answered, source } => Failure::Lost { answered: behind(answered), source },
        Failure::TimedOut { answered, after } => Failure::TimedOut { answered: behind(answered), after },
        Failure::Protocol { answered, reason } => Failure::Protocol { answered: behind(answered), reason },
        failure => failure,
    }
}

/// What failed while scripts were loaded has sent nothing of the request itself.
fn while_loading(failure: Failure) -> Failure {
    match failure {
        Failure::Lost { source, .. } => Failure::NotSent(Error::NotSent { source }),
        failure => Failure::NotSent(failure.into_error(|_| LOAD)),
    }
}

/// What a fault in the reply of the command `at` is to its caller.
#[cold]
pub(super) fn fault_at(fault: DecodeError, at: CommandPosition) -> Error {
    match fault {
        DecodeError::Server(error) => Error::Server { at, error },
        DecodeError::Mismatch(reason) => Error::Reply { at, reason },
    }
}

/// What a failure means while keys are watched: with the connection the watch is gone, so if nothing can have been written
/// it is safe to begin again.
pub(super) fn while_watching(lease: &Lease, failure: Failure, at: CommandPosition, reads: bool) -> Error {
    let source = match failure {
        Failure::NotSent(Error::NotSent { source }) => source,
        Failure::Lost { source, .. } if reads => source,
        Failure::TimedOut { after, .. } if reads => {
            return Error::Timeout { kind: TimeoutKind::WatchedRead, after, at: Some(at) };
        }
        failure => return lease.counted(failure).into_error(|_| at),
    };
    lease.lose_watch();
    Error::WatchLost { at, source }
}
