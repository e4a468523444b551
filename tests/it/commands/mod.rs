//! The commands of every group, on a live server.

#[cfg(feature = "bloom")]
mod bloom;
mod dynamic;
mod free_replies;
mod hashes;
#[cfg(all(feature = "json", feature = "serde"))]
mod json;
mod keys;
mod lists;
mod scripts;
mod server;
mod sets;
mod sorted_sets;
mod strings;
