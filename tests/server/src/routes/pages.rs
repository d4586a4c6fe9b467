//! Whole pages, sent in the way the query asks for.

use std::io;
use std::sync::Arc;

use hyper::body::Incoming;
use hyper::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, SERVER, VARY,
};
use hyper::{Request, StatusCode};
use percent_encoding::percent_decode_str;

use super::{Answer, Refusal, at_most, final_status, number};
use crate::Server;
use crate::body::ReplyBody;
use crate::coding::Coding;
use crate::generate;
use crate::latency;
use crate::page::Page;
use crate::query::Query;
use crate::reply;

/// `/pages/<path>`: a file below `--pages`.
pub async fn file(server: &Server, request: &Request<Incoming>, path: &str, query: &Query<'_>) -> Answer {
    let path = percent_decode_str(path).decode_utf8().map_err(|_| Refusal::NotFound)?;
    let page = server.pages.get(&path).map_err(unavailable)?;
    let page = weighed(server, page, &path, query)?;
    send(&page, request, query).await
}

/// `/n/<i>` and `/n/<i>/anything`: page number i, counted round and round, so that any number of
/// different URLs lead to real pages.
pub async fn nth(server: &Server, request: &Request<Incoming>, rest: &str, query: &Query<'_>) -> Answer {
    let (index, _) = rest.split_once('/').unwrap_or((rest, ""));
    let page = server.pages.nth(number(index)?).map_err(unavailable)?;
    let page = weighed(server, page, index, query)?;
    send(&page, request, query).await
}

/// `/gen/<seed>`: a generated page, the same for the same seed and `bytes`.
pub async fn generated(server: &Server, request: &Request<Incoming>, seed: &str, query: &Query<'_>) -> Answer {
    let bytes = at_most(query.number("bytes", 20_000)?, generate::MAX_BYTES)?;
    send(&server.generator.page(seed, bytes), request, query).await
}

/// The page, filled up to the `weight` asked for: real pages are heavier than fixtures that a person wrote.
fn weighed(server: &Server, page: Arc<Page>, path: &str, query: &Query) -> Result<Arc<Page>, Refusal> {
    match query.optional("weight")? {
        Some(bytes) => Ok(server.generator.grown(&page, path, at_most(bytes, generate::MAX_BYTES)?)),
        None => Ok(page),
    }
}

/// A file that is not there is 404; one that cannot be read, or whose `.headers` cannot, says so.
fn unavailable(error: io::Error) -> Refusal {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::InvalidInput | io::ErrorKind::NotADirectory => Refusal::NotFound,
        _ => Refusal::Unreadable(error.to_string()),
    }
}

async fn send(page: &Page, request: &Request<Incoming>, query: &Query<'_>) -> Answer {
    let status = match query.optional("status")? {
        Some(code) => final_status(code)?,
        None => StatusCode::OK,
    };
    let (coding, vary) = coding(page, request.headers(), query)?;
    let rate = query.optional("rate")?;
    let wait = latency::asked(request.uri().path(), query)?;
    if !wait.is_zero() {
        tokio::time::sleep(wait).await;
    }

    let mut body = ReplyBody::whole(page.bytes(coding));
    if let Some(rate) = rate {
        body = body.paced(rate);
    }
    let mut reply = reply::ok(page.content_type, body);
    *reply.status_mut() = status;
    let headers = reply.headers_mut();
    if vary {
        headers.insert(VARY, ACCEPT_ENCODING.into());
    }
    own_headers(page, headers);
    if let Some(coding) = coding {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding.token()));
    }
    asked_header(headers, CONTENT_TYPE, query.get("type"))?;
    asked_header(headers, SERVER, query.get("server"))?;
    Ok(reply)
}

/// The coding to send in, and whether the request's headers decided it.
fn coding(page: &Page, headers: &HeaderMap, query: &Query) -> Result<(Option<Coding>, bool), Refusal> {
    match query.get("encoding").unwrap_or("auto") {
        // The file is already in the coding that its own headers name.
        "auto" if page.headers.iter().any(|(name, _)| name == CONTENT_ENCODING) => Ok((None, false)),
        "auto" => Ok((Coding::accepted(headers), true)),
        "identity" => Ok((None, false)),
        name => match Coding::named(name) {
            Some(coding) => Ok((Some(coding), false)),
            None => Err(Refusal::BadRequest(format!("encoding={name}: unknown"))),
        },
    }
}

/// Puts the page's own headers in place of the server's; repeated ones of the page are all kept.
fn own_headers(page: &Page, headers: &mut HeaderMap) {
    for (name, _) in &page.headers {
        headers.remove(name);
    }
    for (name, value) in &page.headers {
        headers.append(name, value.clone());
    }
}

/// Sets a header to what the query asks for; asked to be empty, it is left out.
fn asked_header(headers: &mut HeaderMap, name: HeaderName, value: Option<&str>) -> Result<(), Refusal> {
    match value {
        None => {}
        Some("") => {
            headers.remove(name);
        }
        Some(value) => {
            let value = HeaderValue::from_bytes(value.as_bytes())
                .map_err(|_| Refusal::BadRequest(format!("{value:?} cannot be a header")))?;
            headers.insert(name, value);
        }
    }
    Ok(())
}
