mod arguments;
mod literals;
mod table;
