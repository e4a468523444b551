//! A cluster of real server processes, and the ways in which its slots and roles change.

mod layout;
mod membership;
mod migration;
mod node;
mod set;
mod slots;
mod start;
mod view;

pub use migration::SlotMigration;
pub use node::ClusterNode;
pub use set::{ClusterBuilder, ClusterSet};
pub use slots::{SLOTS, hash_slot, tag_of_slot};
