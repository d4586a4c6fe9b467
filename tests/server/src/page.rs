//! A page that is kept in memory with each form it was ever sent in.

use std::array;
use std::sync::OnceLock;

use bytes::Bytes;
use hyper::header::{HeaderName, HeaderValue};

use crate::coding::Coding;

/// A body with its type and the headers it insists on.
pub struct Page {
    pub content_type: &'static str,
    /// These replace the server's own headers of the same name.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    plain: Bytes,
    packed: [OnceLock<Bytes>; Coding::COUNT],
}

impl Page {
    pub fn new(content_type: &'static str, headers: Vec<(HeaderName, HeaderValue)>, plain: Vec<u8>) -> Self {
        Self { content_type, headers, plain: kept(plain), packed: array::from_fn(|_| OnceLock::new()) }
    }

    /// The body in `coding`, compressed the first time it is asked for.
    pub fn bytes(&self, coding: Option<Coding>) -> Bytes {
        match coding {
            None => self.plain.clone(),
            Some(coding) => self.packed[coding as usize].get_or_init(|| kept(coding.encode(&self.plain))).clone(),
        }
    }
}

/// `bytes` without the spare room they grew in, since thousands of them stay.
fn kept(bytes: Vec<u8>) -> Bytes {
    bytes.into_boxed_slice().into()
}
