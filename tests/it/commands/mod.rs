//! The commands of every group, on a live server.

mod acl;
mod clients;
mod diagnostics;
mod dynamic;
mod free_replies;
mod functions;
mod hashes;
mod keys;
mod lists;
mod scripts;
mod server;
mod sets;
mod sorted_sets;
mod strings;
