//! The sink of push messages.

/// The receiver of a connection's push messages, which answer no request. Every frame of a connection comes here in order,
/// from the handshake on, so that nothing else has to know about pushes.
#[derive(Clone, Debug, Default)]
pub(crate) enum PushSink {
    /// Drops them: this client subscribes to nothing and tracks no keys.
    #[default]
    Discard,
    #[cfg(test)]
    Collect(std::sync::Arc<std::sync::Mutex<Vec<Vec<u8>>>>),
}

impl PushSink {
    /// Receives one whole push frame.
    #[cold]
    pub(crate) fn receive(&mut self, frame: &[u8]) {
        match self {
            PushSink::Discard => {
                let _ = frame;
            }
            #[cfg(test)]
            PushSink::Collect(frames) => crate::connection::sync::lock(frames).push(frame.to_vec()),
        }
    }
}
