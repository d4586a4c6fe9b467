//! Bodies that are slow, huge, damaged or never end.

use std::iter;
use std::num::NonZeroU64;
use std::time::Duration;

use bytes::Bytes;
use hyper::StatusCode;
use hyper::header::{CONTENT_ENCODING, HeaderValue};

use super::{Answer, Refusal, at_most, number};
use crate::body::ReplyBody;
use crate::bomb::Bomb;
use crate::coding::Coding;
use crate::generate;
use crate::query::Query;
use crate::reply::{self, Reply};

const HTML: &str = "text/html; charset=utf-8";
const START: &[u8] = b"<!doctype html>\n<html lang=\"en\">\n<title>A long page</title>\n";
const PARAGRAPH: &[u8] = b"<p>Another paragraph that says the same as the one before it.</p>\n";
/// Bytes a second.
const RATE: NonZeroU64 = NonZeroU64::new(1_000).unwrap();
const PARAGRAPHS_PER_CHUNK: usize = 1000;

/// `/delay/<ms>`: waits before the headers.
pub async fn delay(rest: &str) -> Answer {
    let wait = Duration::from_millis(number(rest)?);
    tokio::time::sleep(wait).await;
    Ok(reply::page(StatusCode::OK, "This took a while."))
}

/// `/stall-body`: the headers and half the body, then nothing.
pub fn stall() -> Reply {
    let html = Bytes::from(generate::html("stall-body", 20_000));
    let half = html.slice(..html.len() / 2);
    reply::ok(HTML, ReplyBody::stalling(half, html.len() as u64))
}

/// `/slow-body?bytes=&rate=`: that many bytes at that many a second.
pub fn slow(query: &Query) -> Answer {
    let bytes = at_most(query.number("bytes", 10_000)?, generate::MAX_BYTES)?;
    let rate = query.optional("rate")?.unwrap_or(RATE);
    let html = generate::html("slow-body", bytes);
    let body = Bytes::from(html).slice(..bytes);
    Ok(reply::ok(HTML, ReplyBody::whole(body).paced(rate)))
}

/// `/endless`: a body in chunks that never ends.
pub fn endless() -> Reply {
    reply::ok(HTML, ReplyBody::streamed(paragraphs(), None))
}

/// `/body?size=N`: N bytes, made while they are sent, so that their number costs no memory.
pub fn sized(query: &Query) -> Answer {
    let size: u64 = query.number("size", 1 << 20)?;
    let mut left = size;
    let chunks = paragraphs().map_while(move |mut chunk| {
        chunk.truncate(left.min(chunk.len() as u64) as usize);
        left -= chunk.len() as u64;
        (!chunk.is_empty()).then_some(chunk)
    });
    Ok(reply::ok(HTML, ReplyBody::streamed(chunks, Some(size))))
}

/// `/bomb/<coding>?size=N`: a small body that unpacks to N bytes.
pub fn bomb(rest: &str, query: &Query) -> Answer {
    let size = at_most(query.number("size", 1 << 30)?, 1 << 38)?;
    let coding = Coding::named(rest).ok_or(Refusal::NotFound)?;
    let bomb = Bomb::new(coding, size).ok_or(Refusal::NotFound)?;
    let length = bomb.packed_size();
    let body = ReplyBody::streamed(bomb.chunks(), Some(length));
    Ok(encoded(reply::ok(HTML, body), coding.token()))
}

/// `/bad/<coding>`: a page whose second half is damaged.
pub fn damaged(rest: &str) -> Answer {
    let coding = Coding::named(rest).ok_or(Refusal::NotFound)?;
    let mut packed = coding.encode(generate::html("bad", 20_000).as_bytes());
    let half = packed.len() / 2;
    for byte in &mut packed[half..] {
        *byte = !*byte;
    }
    Ok(encoded(reply::content(HTML, packed), coding.token()))
}

/// `/unknown-encoding`: a coding that browsers have forgotten.
pub fn unknown_encoding() -> Reply {
    encoded(reply::content(HTML, "not readable"), "sdch")
}

fn encoded(reply: Reply, token: &'static str) -> Reply {
    reply::with(reply, CONTENT_ENCODING, HeaderValue::from_static(token))
}

/// The start of a page and then paragraphs for ever.
fn paragraphs() -> impl Iterator<Item = Bytes> + Send + 'static {
    let chunk = Bytes::from(PARAGRAPH.repeat(PARAGRAPHS_PER_CHUNK));
    iter::once(Bytes::from_static(START)).chain(iter::repeat(chunk))
}
