//! Options of the commands on sets: there are none of their own. SSCAN takes [`ScanOptions`](super::ScanOptions).
