//! From the bytes of a response body to text, as browsers do it.
//!
//! Three steps, each a module: undo the `Content-Encoding` ([`content`], or bit by bit [`gradual`]), tell text from other content
//! ([`sniff`]), find the character encoding and decode ([`charset`], [`prescan`]).

#![forbid(unsafe_code)]

pub(crate) mod charset;
pub(crate) mod content;
pub(crate) mod gradual;
pub(crate) mod media_type;
pub(crate) mod prescan;
pub(crate) mod sniff;
