//! A cluster: the nodes that the slots of keys are on.
//!
//! - `merge`: the replies of several nodes to one command, as one reply
//! - `split`: a command of many keys, as one command for each slot

mod merge;
mod split;
