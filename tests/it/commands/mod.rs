//! The commands of every group, on a live server.

mod arrays;
mod bitmaps;
mod described;
mod dynamic;
mod field_expiry;
mod free_replies;
mod geo;
mod hashes;
mod hyperloglogs;
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
mod vector_sets;
