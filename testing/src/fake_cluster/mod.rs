//! Scripted nodes of a cluster.

mod call;
mod map;
mod nodes;

pub use call::Call;
pub use map::Endpoint;
pub use nodes::FakeCluster;
