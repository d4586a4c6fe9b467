//! Fixed answers, each there to try one thing.

use bytes::Bytes;
use hyper::Request;
use hyper::StatusCode;
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue, SET_COOKIE};
use serde_json::json;

use super::{Answer, Refusal, at_most, final_status, number};
use crate::body::ReplyBody;
use crate::query::Query;
use crate::reply::{self, Reply};

const HTML: &str = "text/html; charset=utf-8";

/// One transparent pixel.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\
    \x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\
    \x00\x00\x00\x0bIDAT\x78\x9c\x63\x60\x00\x02\x00\x00\x05\x00\x01\x7a\x5e\xab\x3f\
    \x00\x00\x00\x00IEND\xae\x42\x60\x82";

/// One empty page; the bytes after the first line tell a sniffer that this is no text.
const PDF: &[u8] = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n\
    1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
    2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
    3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n\
    trailer<</Root 1 0 R>>\n%%EOF\n";

/// "Café – 5 €" and curly quotes as windows-1252 has them, without a word about it in the page.
const WINDOWS_1252: &[u8] = b"<!doctype html>\n<html lang=\"fr\">\n<title>Caf\xe9 \x96 5 \x80</title>\n\
    <h1>\x93Na\xefve\x94 caf\xe9</h1>\n<p>D\xe9j\xe0 vu\x85</p>\n";

/// The server must not think of a body's end as its first NUL byte, nor must a client.
const NUL: &[u8] = b"<!doctype html>\n<title>before\0after</title>\n<p>one\0two</p>\n\0\
    <a href=\"/last\">after the NUL bytes</a>\n";

/// `/status/<code>`: a small page with that status.
pub fn status(rest: &str) -> Answer {
    Ok(reply::page(final_status(number(rest)?)?, ""))
}

/// `/empty`: a 200 with no body and no type.
pub fn empty() -> Reply {
    reply::bare(StatusCode::OK, ReplyBody::whole(Bytes::new()))
}

/// `/binary` and `/binary-as-html`: an image, called what it is or a page.
pub fn png(content_type: &'static str) -> Reply {
    reply::content(content_type, PNG)
}

/// `/pdf`: a document that is no page.
pub fn pdf() -> Reply {
    reply::content("application/pdf", PDF)
}

/// `/echo`: what the client sent, as the server understood it.
pub fn echo(request: &Request<Incoming>) -> Reply {
    let headers: Vec<_> = request
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes())))
        .collect();
    let report = json!({
        "method": request.method().as_str(),
        "path": request.uri().path(),
        "query": request.uri().query(),
        "version": format!("{:?}", request.version()),
        "headers": headers,
    });
    reply::content("application/json", report.to_string())
}

/// `/charset/<label>`: a page in windows-1252, whatever the label says.
pub fn charset(label: &str) -> Answer {
    let label = HeaderValue::try_from(format!("text/html; charset={label}")).map_err(|_| Refusal::NotFound)?;
    let mut reply = reply::content(HTML, WINDOWS_1252);
    reply.headers_mut().insert(CONTENT_TYPE, label);
    Ok(reply)
}

/// `/nul`: a page with NUL bytes in its title, its text and between its elements.
pub fn nul() -> Reply {
    reply::content(HTML, NUL)
}

/// `/header-latin1`: header values that are not ASCII, once in Latin-1 and once in UTF-8.
pub fn header_latin1() -> Reply {
    let reply = reply::page(StatusCode::OK, "See the headers.");
    let value = |bytes| HeaderValue::from_bytes(bytes).expect("these bytes are allowed");
    let reply = reply::with(reply, name("x-latin1"), value(b"caf\xe9"));
    reply::with(reply, name("x-utf8"), value("café".as_bytes()))
}

/// `/many-headers`: n more headers than usual.
pub fn many_headers(query: &Query) -> Answer {
    /// What the header map has room for, with some to spare.
    const MOST: usize = 20_000;
    let count = at_most(query.number("n", 1000)?, MOST)?;
    let mut reply = reply::page(StatusCode::OK, "See the headers.");
    for i in 0..count {
        let name = name(&format!("x-filler-{i}"));
        reply = reply::with(reply, name, HeaderValue::from(i));
    }
    Ok(reply)
}

/// `/long-header`: one header of that many bytes.
pub fn long_header(query: &Query) -> Answer {
    let length = at_most(query.number("bytes", 100_000)?, 16 << 20)?;
    let reply = reply::page(StatusCode::OK, "See the header.");
    let value = HeaderValue::try_from("a".repeat(length)).expect("ASCII is allowed");
    Ok(reply::with(reply, name("x-long"), value))
}

/// `/cookies/<name=value>`: sets that cookie for the whole host and leads to `/echo`.
pub fn cookies(cookie: &str) -> Answer {
    let value = HeaderValue::from_str(&format!("{cookie}; Path=/")).map_err(|_| Refusal::NotFound)?;
    Ok(reply::with(super::redirects::to("/echo"), SET_COOKIE, value))
}

fn name(text: &str) -> HeaderName {
    text.parse().expect("the names of this module are valid")
}
