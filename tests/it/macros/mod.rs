mod forms;
mod named_replies;
mod watching;
