//! The commands of every group, on a live server.

mod dynamic;
mod free_replies;
mod geo;
mod hashes;
mod keys;
mod lists;
mod scripts;
mod server;
mod sets;
mod sorted_sets;
mod strings;
