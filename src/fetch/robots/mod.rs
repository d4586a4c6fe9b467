//! robots.txt (RFC 9309): [`parse`] reads it, in the one spelling of [`path`], [`rules`] decide, and [`file`] gets it and remembers.

mod file;
mod parse;
mod path;
mod rules;

pub(super) use file::Robots;
pub(crate) use parse::agent_of;
#[cfg(fuzzing)]
pub(super) use parse::parse;
