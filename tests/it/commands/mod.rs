//! The commands of every group, on a live server.

mod acl;
mod arrays;
mod bitmaps;
#[cfg(feature = "bloom")]
mod bloom;
mod clients;
mod described;
mod diagnostics;
mod dynamic;
mod field_expiry;
mod free_replies;
mod functions;
mod geo;
mod hashes;
mod hyperloglogs;
#[cfg(all(feature = "json", feature = "serde"))]
mod json;
mod keys;
mod lists;
mod newer_options;
mod scripts;
mod server;
mod sets;
mod sorted_sets;
mod stream_groups;
mod streams;
mod strings;
#[cfg(feature = "time_series")]
mod time_series;
mod vector_sets;
