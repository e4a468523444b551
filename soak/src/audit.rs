//! The result of an audit.

/// The comparison of the server's data with the recorded effects.
#[derive(Debug)]
pub struct Audit {
    /// The figures that were compared, as one line.
    pub figures: String,
    /// The violated invariants.
    pub violations: Vec<String>,
}
