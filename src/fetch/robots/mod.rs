//! robots.txt (RFC 9309): [`errand`] gets it, [`parse`] reads it, in the one spelling of [`path`], [`rules`] decide, and [`known`] remembers.

mod errand;
mod known;
mod parse;
mod path;
mod rules;

pub(super) use known::{Consent, Robots};
pub(crate) use known::{Learnt, file_of};
pub(crate) use parse::agent_of;
#[cfg(fuzzing)]
pub(super) use parse::parse;
