//! Encoded commands that typedis sends of its own, so that their bytes are in one place.

/// Asks the server for a reply, and nothing else.
pub(crate) const PING: &[u8] = b"*1\r\n$4\r\nPING\r\n";
/// Begins a transaction.
pub(crate) const MULTI: &[u8] = b"*1\r\n$5\r\nMULTI\r\n";
/// Runs the commands queued since MULTI, and ends every watch.
pub(crate) const EXEC: &[u8] = b"*1\r\n$4\r\nEXEC\r\n";
/// Drops the commands queued since MULTI, and ends every watch.
pub(crate) const DISCARD: &[u8] = b"*1\r\n$7\r\nDISCARD\r\n";
/// Ends every watch of the connection.
pub(crate) const UNWATCH: &[u8] = b"*1\r\n$7\r\nUNWATCH\r\n";
/// Lets the next command, or the next transaction, be served by a node that is importing its slot.
#[allow(dead_code)]
pub(crate) const ASKING: &[u8] = b"*1\r\n$6\r\nASKING\r\n";
