//! The registry of commands, against a live server and the page of commands.

mod arguments;
mod described;
mod keys;
mod literals;
#[cfg(any(feature = "bloom", feature = "json", feature = "time_series"))]
mod module_arguments;
#[cfg(all(feature = "bloom", feature = "json", feature = "time_series"))]
mod modules;
#[cfg(all(feature = "bloom", feature = "json", feature = "time_series"))]
mod names;
mod page;
mod server_arguments;
mod server_facts;
#[cfg(all(feature = "bloom", feature = "json", feature = "search", feature = "time_series"))]
mod shapes;
mod since;
mod stated;
mod table;
