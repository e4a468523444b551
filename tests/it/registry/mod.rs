mod arguments;
mod literals;
mod page;
mod table;
