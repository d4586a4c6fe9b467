//! The common shapes of an answer.

use bytes::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue, SERVER};
use hyper::{Response, StatusCode};

use crate::body::ReplyBody;

/// What a route answers.
pub type Reply = Response<ReplyBody>;

/// The name in the `server` header.
pub const NAME: HeaderValue = HeaderValue::from_static("sitelift-testserver");

/// An answer with the headers that all answers have.
pub fn bare(status: StatusCode, body: ReplyBody) -> Reply {
    let mut reply = Response::new(body);
    *reply.status_mut() = status;
    reply.headers_mut().insert(SERVER, NAME);
    reply
}

/// A 200 of some type.
pub fn ok(content_type: &'static str, body: ReplyBody) -> Reply {
    let reply = bare(StatusCode::OK, body);
    with(reply, CONTENT_TYPE, HeaderValue::from_static(content_type))
}

/// A 200 with a body that is in memory.
pub fn content(content_type: &'static str, bytes: impl Into<Bytes>) -> Reply {
    ok(content_type, ReplyBody::whole(bytes))
}

/// `reply` with one more header.
pub fn with(mut reply: Reply, name: HeaderName, value: HeaderValue) -> Reply {
    reply.headers_mut().append(name, value);
    reply
}

/// A small page that says what its status means; statuses that have no body get none.
pub fn page(status: StatusCode, text: &str) -> Reply {
    let code = status.as_u16();
    if matches!(code, 204 | 205 | 304) {
        return bare(status, ReplyBody::whole(Bytes::new()));
    }
    let title = match status.canonical_reason() {
        Some(reason) => format!("{code} {reason}"),
        None => code.to_string(),
    };
    let mut html = format!("<!doctype html>\n<html lang=\"en\">\n<title>{title}</title>\n<h1>{title}</h1>\n");
    if !text.is_empty() {
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        html.push_str(&format!("<p>{text}</p>\n"));
    }
    let mut reply = content("text/html; charset=utf-8", html);
    *reply.status_mut() = status;
    reply
}
