//! The macros: `command!`, their forms and errors at run time.

mod forms;
mod named_replies;
mod watching;
