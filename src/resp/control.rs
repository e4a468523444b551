//! Control commands: the commands that typedis sends of its own, each with its name and its bytes, so that both are in one
//! place.

/// A command without arguments, encoded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ControlCommand {
    /// The name, for errors.
    pub(crate) name: &'static str,
    pub(crate) bytes: &'static [u8],
}

/// Asks the server for a reply, and nothing else.
pub(crate) const PING: ControlCommand = ControlCommand { name: "PING", bytes: b"*1\r\n$4\r\nPING\r\n" };
/// Begins a transaction.
pub(crate) const MULTI: ControlCommand = ControlCommand { name: "MULTI", bytes: b"*1\r\n$5\r\nMULTI\r\n" };
/// Runs the commands queued since MULTI, and ends every watch.
pub(crate) const EXEC: ControlCommand = ControlCommand { name: "EXEC", bytes: b"*1\r\n$4\r\nEXEC\r\n" };
/// Drops the commands queued since MULTI, and ends every watch.
pub(crate) const DISCARD: ControlCommand = ControlCommand { name: "DISCARD", bytes: b"*1\r\n$7\r\nDISCARD\r\n" };
/// Ends every watch of the connection.
pub(crate) const UNWATCH: ControlCommand = ControlCommand { name: "UNWATCH", bytes: b"*1\r\n$7\r\nUNWATCH\r\n" };
/// Lets the next command, or the next transaction, run on the node that imports its slot.
pub(crate) const ASKING: ControlCommand = ControlCommand { name: "ASKING", bytes: b"*1\r\n$6\r\nASKING\r\n" };
/// Lets a replica of a cluster serve reads on the connection.
pub(crate) const READONLY: ControlCommand = ControlCommand { name: "READONLY", bytes: b"*1\r\n$8\r\nREADONLY\r\n" };
