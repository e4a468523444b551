//! The registry of commands, against a live server and the page of commands.

mod arguments;
mod keys;
mod literals;
#[cfg(feature = "bloom")]
mod module_arguments;
#[cfg(feature = "bloom")]
mod modules;
#[cfg(feature = "bloom")]
mod page;
mod server_facts;
mod table;
mod vendors;
