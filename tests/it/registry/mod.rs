//! The registry of commands, against a live server and the page of commands.

mod arguments;
mod literals;
mod page;
mod table;
mod vendors;
