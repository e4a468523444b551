//! The registry of commands, against a live server and the page of commands.

mod arguments;
mod described;
mod keys;
mod literals;
mod names;
mod page;
mod server_facts;
mod since;
mod table;
